import { createHash } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from './programs';

export type Digests = ReadonlyMap<string, string>;

const ABSENT = 'absent';

/** The content of each file, as a digest. */
export function digestsOf(files: readonly string[]): Digests {
  return new Map(files.map(file => [file, digestOf(join(ROOT, file))]));
}

/** The files whose content is another one now. */
export function changedSince(before: Digests): string[] {
  return [...before].filter(([file, digest]) => digestOf(join(ROOT, file)) !== digest).map(([file]) => file);
}

function digestOf(path: string): string {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : ABSENT;
}
