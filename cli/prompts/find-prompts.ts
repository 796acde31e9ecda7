import { readdirSync, statSync } from 'fs';
import { join, resolve } from 'path';
import { PROMPT_SUFFIX } from './prompt-file';
import { CouldNotRun } from '../system/could-not-run';

export interface FindOptions {
  /** Whether a path may lead nowhere, and a folder be without prompts: all of them may have gone. */
  readonly mayBeAbsent?: boolean;
}

/** The prompt files that paths name: a file as it is; of a folder all in it, in the order of their names. Errors: there is none. */
export function findPromptFiles(paths: readonly string[], cwd: string, options: FindOptions = {}): string[] {
  return [...new Set(paths.flatMap(path => filesOf(resolve(cwd, path), path, options)))];
}

function filesOf(path: string, shown: string, { mayBeAbsent = false }: FindOptions): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  // What does not exist is told where it is read.
  if (!found?.isDirectory()) return found || !mayBeAbsent ? [path] : [];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(PROMPT_SUFFIX) && !/(^|[/\\])(node_modules|\.git|cdk\.out)[/\\]/.test(file));
  if (files.length === 0 && !mayBeAbsent) throw new CouldNotRun(`${shown} holds no file whose name ends with ${PROMPT_SUFFIX}.`);
  return files.sort().map(file => join(path, file));
}
