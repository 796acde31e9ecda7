import { readFileSync } from 'fs';
import { basename } from 'path';
import { findFrontMatter } from './front-matter';
import { Prompt } from './prompt';
import { requirePrompt } from './prompt-fields';
import { normalisedText } from '../../src/contract/prompts/prompt-content';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';

/** The end of a prompt file's name; before it stands the id. */
export const PROMPT_SUFFIX = '.prompt.md';

/** A prompt with the text it was read from. */
export interface PromptText {
  readonly prompt: Prompt;
  readonly text: string;
}

/** Reads a prompt from its file, whose name has to be the prompt's id. Errors: what is wrong with it, and how to mend it. */
export function readPrompt(file: string, cwd: string): PromptText {
  const shown = shownPath(file, cwd);
  return requireNamed(parsePrompt(readPromptText(file, cwd), shown), shown);
}

/** A prompt from a text; `file` is told in errors. */
export function parsePrompt(text: string, file: string): PromptText {
  const normalised = normalisedText(text);
  return { text: normalised, prompt: requirePrompt({ ...findFrontMatter(normalised, file), file }) };
}

export function readPromptText(file: string, cwd: string): string {
  const shown = shownPath(file, cwd);
  return decoded(bytesOf(file, shown), shown);
}

export function requireNamed(found: PromptText, file: string): PromptText {
  const { id } = found.prompt;
  if (basename(file) === `${id}${PROMPT_SUFFIX}`) return found;
  throw new CouldNotRun(`${file}: the id is ${id}, so the file's name has to be ${id}${PROMPT_SUFFIX}.`);
}

function bytesOf(file: string, shown: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CouldNotRun(code === 'ENOENT' ? `${shown} does not exist.` : `${shown} cannot be read: ${message}`);
  }
}

function decoded(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CouldNotRun(`${shown} is no text in UTF-8. Save it as UTF-8: its hash is the hash of these bytes.`);
  }
}
