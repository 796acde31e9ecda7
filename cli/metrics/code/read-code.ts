import { readFileSync } from 'fs';
import { CODE_FILE, MetricUse, metricUses } from './metric-uses';
import { filesAt } from '../../system/files-at';
import { placeAt } from '../../system/line-at';
import { shownPath } from '../../system/shown-path';

/** Where a metric is named in code. */
export interface PlacedUse extends MetricUse {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place that is about metrics, and cannot be read. */
export interface Unread {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

/** What the code at some paths says of metrics. */
export interface CodeRead {
  readonly files: number;
  readonly uses: readonly PlacedUse[];
  readonly unread: readonly Unread[];
}

/** What is larger was written by a program. */
const MAX_BYTES = 2 ** 21;
const GENERATED = /\.(d\.[cm]?ts|min\.js)$/;

/** Errors: a path that does not exist. */
export function readCode(paths: readonly string[], cwd: string, onFile: (index: number, of: number) => void = () => {}): CodeRead {
  const files = filesAt(paths, cwd, CODE_FILE).filter(file => CODE_FILE.test(file) && !GENERATED.test(file));
  const uses: PlacedUse[] = [];
  const unread: Unread[] = [];
  for (const [index, path] of files.entries()) {
    onFile(index, files.length);
    const file = shownPath(path, cwd);
    try {
      const text = readFileSync(path, 'utf8');
      if (text.length > MAX_BYTES) throw new Error('it is larger than 2 MiB');
      for (const use of metricUses(text, file)) uses.push({ ...use, file, ...placeAt(text, use.at) });
    } catch (error) {
      unread.push({ file, line: 1, column: 1, why: `the file could not be read: ${(error as Error).message}` });
    }
  }
  return { files: files.length, uses, unread };
}
