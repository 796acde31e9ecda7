import { findPromptFiles } from './find-prompts';
import { hashesOf, Prompt } from './prompt';
import { findUnused } from './prompt-fields';
import { readPrompt } from './prompt-file';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';

/** `plumbline prompts hash`: always 0 when every file is a prompt. */
export function hash(paths: readonly string[], { json }: { readonly json?: boolean }, { cwd, print, tell }: Console): number {
  const prompts = readAll(findPromptFiles(paths, cwd), cwd);
  for (const prompt of prompts) {
    for (const name of findUnused(prompt)) tell(`${prompt.file}: no text uses the variable ${name}.`);
  }
  const hashes = prompts.map(hashesOf);
  print(json ? JSON.stringify(hashes, null, 2) : hashes.map(({ id, version, templateHash, compiledHash }) =>
    `${id} ${version}\n  template ${templateHash}\n  compiled ${compiledHash}`).join('\n'));
  return 0;
}

/** Reads all of them, and tells what is wrong with any. */
function readAll(files: readonly string[], cwd: string): Prompt[] {
  const faults: string[] = [];
  const prompts = files.flatMap(file => {
    try {
      return readPrompt(file, cwd).prompt;
    } catch (error) {
      if (!(error instanceof CouldNotRun)) throw error;
      faults.push(error.message);
      return [];
    }
  });
  if (faults.length > 0) throw new CouldNotRun(faults.join('\n'));
  return prompts;
}
