import { findPromptFiles } from './find-prompts';
import { Prompt } from './prompt';
import { readPrompt } from './prompt-file';
import { CouldNotRun } from '../system/could-not-run';

/** The prompts that paths name. Errors: all that is wrong with any of them. */
export function readPrompts(paths: readonly string[], cwd: string): Prompt[] {
  const faults: string[] = [];
  const prompts = findPromptFiles(paths, cwd).flatMap(file => {
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
