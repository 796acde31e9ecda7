import { relative, sep } from 'path';

/** A path from where the command was run: the same on every machine. */
export function shownPath(file: string, cwd: string): string {
  return relative(cwd, file).split(sep).join('/');
}
