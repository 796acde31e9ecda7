import { readFileSync } from 'node:fs';
import { integrityProblem } from './prompt-problem';
import type { BundledCopy } from './prompt-settings';
import { compiledHashOf, PublishedPrompt, readPrompt } from './published-prompt';
import type { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { teachingText } from '../../../src/contract/teaching-error';

/** The copy of a prompt in the function's code. Errors: it is not the prompt, or not the version, that was pinned. */
export function bundledPrompt(id: string, { file, templateHash }: BundledCopy): PublishedPrompt {
  const prompt = readPrompt(documentIn(file), file);
  compiledHashOf(prompt, file);
  if (prompt.id === id && prompt.templateHash === templateHash) return prompt;
  const found = `${prompt.id} with the template hash ${prompt.templateHash}`;
  throw integrityProblem('bundled_hash', `${file} holds ${found}; pinned is ${id} with ${templateHash}.`);
}

/** The prompts of the file that stands for the registry in a unit test, by id. Errors: it cannot be read, or one of them is none. */
export function promptsInFile(file: string): ReadonlyMap<string, PublishedPrompt> {
  const documents: unknown = parsed(file);
  if (!Array.isArray(documents)) {
    throw new Error(teachingText('getPrompt', {
      problem: `${file} is no list of prompts`,
      given: documents,
      allowed: '[{ "id", "version", "model", "messages": [{ "role", "text" }], "variables": { name: { "sample", "maxLength" } } }]',
      fix: 'write it by: npx plumbline prompts export prompts --out prompts.json',
    }));
  }
  return new Map(documents.map((document, index) => {
    const prompt = readPrompt(Object(document) as Record<string, JsonValue>, `${file}[${index}]`);
    compiledHashOf(prompt, file);
    return [prompt.id, prompt];
  }));
}

function documentIn(file: string): Record<string, JsonValue> {
  try {
    return Object(parsed(file)) as Record<string, JsonValue>;
  } catch (error) {
    throw integrityProblem('bundled_file', `${file} cannot be read: ${(error as Error).message}`, error);
  }
}

function parsed(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
