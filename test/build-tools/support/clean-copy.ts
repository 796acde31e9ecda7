import { execFileSync } from 'child_process';
import { cpSync, existsSync, symlinkSync } from 'fs';
import { join } from 'path';
import { ROOT } from '../../../build-tools/testing/programs';

/** A copy of the working tree as git sees it, in which nothing was built; its packages are those of the project. */
export function cleanCopy(folder: string): string {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\0').filter(file => file !== '' && existsSync(join(ROOT, file)));
  for (const file of files) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}
