import { existsSync, mkdirSync } from 'fs';
import { join, resolve } from 'path';
import { parsePrompt, PROMPT_SUFFIX } from './prompt-file';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { writeWhole } from '../system/write-whole';

export interface NewOptions {
  readonly model: string;
  readonly folder: string;
}

/** `plumbline prompts new`: a prompt to begin with. Never writes over a file. */
export function createPrompt(id: string, { model, folder }: NewOptions, { cwd, tell }: Console): number {
  const path = resolve(cwd, folder);
  const file = join(path, `${id}${PROMPT_SUFFIX}`);
  const shown = shownPath(file, cwd);
  const text = firstText(id, model);
  parsePrompt(text, shown);
  if (existsSync(file)) throw new CouldNotRun(`${shown} exists already.`);
  mkdirSync(path, { recursive: true });
  writeWhole(file, text);
  tell(`${shown} is written. Its hashes: plumbline prompts hash ${shown}`);
  return 0;
}

function firstText(id: string, model: string): string {
  return `---
id: ${id}
version: 1.0.0
model: ${JSON.stringify(model)}
parameters:
  maxTokens: 512
  temperature: 0
variables:
  question: { sample: What is a plumb line?, maxLength: 2000 }
---
<!-- system -->
Answer in one sentence.
<!-- user -->
{{question}}
`;
}
