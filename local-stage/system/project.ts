import { join } from 'path';

/** The root of the project. */
export const ROOT = join(__dirname, '..', '..');

/** What the demo keeps between runs; ignored by git. */
export const STATE_FOLDER = join(ROOT, '.local-stage');

/** The path of a program that a development dependency brings. */
export function bin(name: string): string {
  return join(ROOT, 'node_modules', '.bin', name);
}
