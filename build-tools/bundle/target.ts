import { readFileSync } from 'fs';
import { join } from 'path';

export const ROOT = join(__dirname, '..', '..');

/** Something that is built ahead and shipped in the package. */
export interface BundleTarget {
  readonly name: string;
  /** The folders it writes, from the root of the project. They are removed before it is built. */
  readonly folders: readonly string[];
  readonly build: () => void | Promise<void>;
}

/** What each layer tells of itself. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}
