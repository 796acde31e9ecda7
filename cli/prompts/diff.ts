import { basename, resolve } from 'path';
import { findPromptFiles } from './find-prompts';
import { filesAt, textAt } from './git-revision';
import { changeBetween, PromptChange } from './prompt-change';
import { parsePrompt, PROMPT_SUFFIX, PromptText, readPrompt, readPromptText } from './prompt-file';
import { markdownReport, textReport } from './report-changes';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

export interface DiffOptions {
  readonly base?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  /** Beside those of the standard: what the registry has as policyPhrases. */
  readonly policyPhrase?: readonly string[];
}

/** `plumbline prompts diff`: 1 when a prompt changed and kept its version, or went back. */
export function diff(paths: readonly string[], options: DiffOptions, console: Console): number {
  const { base, json, markdown } = options;
  const changes = base === undefined ? betweenFiles(paths, options, console) : sinceRevision(base, paths, options, console);
  console.print(json ? JSON.stringify(changes, null, 2) : markdown ? markdownReport(changes) : textReport(changes));
  return changes.some(({ finding }) => finding !== undefined) ? 1 : 0;
}

/** An older copy has a name of its own: only the ids have to be one. */
function betweenFiles(paths: readonly string[], { policyPhrase }: DiffOptions, { cwd }: Console): PromptChange[] {
  if (paths.length !== 2) throw new CouldNotRun('Name two files, the old one first; or --base REVISION and what to compare with it.');
  const [old, now] = paths.map(path => parsePrompt(readPromptText(resolve(cwd, path), cwd), path));
  if (old.prompt.id !== now.prompt.id) {
    throw new CouldNotRun(`${paths[0]} is ${old.prompt.id} and ${paths[1]} is ${now.prompt.id}: these are two prompts.`);
  }
  return changeBetween(old, now, policyPhrase);
}

function sinceRevision(base: string, paths: readonly string[], { policyPhrase }: DiffOptions, { cwd, tell }: Console): PromptChange[] {
  const old = new Map(filesAt(base, paths, cwd).filter(file => file.endsWith(PROMPT_SUFFIX)).flatMap(file => {
    try {
      return [[basename(file), parsePrompt(textAt(base, file, cwd), file)] as const];
    } catch (error) {
      if (!(error instanceof CouldNotRun)) throw error;
      tell(`At ${base} it was no prompt: ${error.message}`);
      return [];
    }
  }));
  const present = findPromptFiles(paths, cwd, { mayBeAbsent: true });
  const now = new Map<string, PromptText>(present.map(file => [basename(file), readPrompt(file, cwd)]));
  return [...new Set([...old.keys(), ...now.keys()])].sort()
    .flatMap(name => changeBetween(old.get(name), now.get(name), policyPhrase));
}
