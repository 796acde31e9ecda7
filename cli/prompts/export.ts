import { resolve } from 'path';
import { hashesOf, Prompt } from './prompt';
import { readPrompts } from './read-prompts';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { writeWhole } from '../system/write-whole';

/**
 * `plumbline prompts export`: the prompts of Git in one file, as `getPrompt` reads it in unit tests, and `grantRead` for the copies that
 * functions start with. Always 0 when every file is a prompt.
 */
export function exportPrompts(paths: readonly string[], { out }: { readonly out?: string }, { cwd, print, tell }: Console): number {
  const prompts = readPrompts(paths, cwd);
  requireOneOfEach(prompts);
  const text = JSON.stringify(prompts.map(documentOf), null, 2);
  if (out === undefined) {
    print(text);
    return 0;
  }
  const file = resolve(cwd, out);
  writeWhole(file, `${text}\n`);
  tell(`${shownPath(file, cwd)}: ${prompts.map(({ id, version }) => `${id} ${version}`).join(', ')}`);
  return 0;
}

function documentOf(prompt: Prompt): object {
  const { id, version, templateHash, compiledHash } = hashesOf(prompt);
  return { id, version, ...prompt.content, variables: prompt.variables, template_hash: templateHash, compiled_hash: compiledHash };
}

/** Whoever reads the file asks by id. */
function requireOneOfEach(prompts: readonly Prompt[]): void {
  const faults = prompts.flatMap(({ id, file }, index) => {
    const other = prompts.slice(0, index).find(prompt => prompt.id === id);
    return other ? [`${file}: ${id} is in ${other.file} too. Name the folder or the files that you mean.`] : [];
  });
  if (faults.length > 0) throw new CouldNotRun(faults.join('\n'));
}
