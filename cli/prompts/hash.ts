import { hashesOf } from './prompt';
import { findUnused } from './prompt-fields';
import { readPrompts } from './read-prompts';
import { Console } from '../system/console';

/** `plumbline prompts hash`: always 0 when every file is a prompt. */
export function hash(paths: readonly string[], { json }: { readonly json?: boolean }, { cwd, print, tell }: Console): number {
  const prompts = readPrompts(paths, cwd);
  for (const prompt of prompts) {
    for (const name of findUnused(prompt)) tell(`${prompt.file}: no text uses the variable ${name}.`);
  }
  const hashes = prompts.map(hashesOf);
  print(json ? JSON.stringify(hashes, null, 2) : hashes.map(({ id, version, templateHash, compiledHash }) =>
    `${id} ${version}\n  template ${templateHash}\n  compiled ${compiledHash}`).join('\n'));
  return 0;
}
