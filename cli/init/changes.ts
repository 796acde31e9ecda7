import { createHash } from 'crypto';
import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { isRecord } from '../../src/contract/template/template-values';
import { CouldNotRun } from '../system/could-not-run';

/** Where what `--undo` needs is kept, beside cdk.json. */
export const UNDO_FILE = '.plumbline-init.json';

/** A file as it was and as it is to be; without `before` it is new. */
export interface FileChange {
  /** From the folder of the app, with `/` on every machine. */
  readonly file: string;
  readonly before?: string;
  readonly after: string;
}

interface Undo { readonly file: string; readonly before: string | null; readonly after: string }

/** Writes all files or none; what was there before is kept for `undo`. */
export function applyChanges(folder: string, changes: readonly FileChange[]): void {
  const kept = changes.map(({ file, before, after }): Undo =>
    ({ file, before: before === undefined ? null : Buffer.from(before).toString('base64'), after: digest(Buffer.from(after)) }));
  replaceAll([
    // First: whatever stops us, what was changed until then can be undone.
    { path: join(folder, UNDO_FILE), bytes: Buffer.from(`${JSON.stringify({ version: 1, files: kept }, null, 2)}\n`) },
    ...changes.map(({ file, after }) => ({ path: join(folder, file), bytes: Buffer.from(after) })),
  ]);
}

/** Gives every file the bytes from before. Errors: nothing to undo; files that were changed since. */
export function undoChanges(folder: string): string[] {
  const files = readUndo(join(folder, UNDO_FILE));
  const states = files.map(undo => ({ ...undo, now: tryBytes(join(folder, undo.file)) }));
  const foreign = states.filter(({ now, before, after }) => !(now && digest(now) === after) && !isSame(now, before));
  if (foreign.length > 0) {
    throw new CouldNotRun(`Changed since plumbline init, so nothing is undone: ${foreign.map(({ file }) => file).join(', ')}.\n` +
      `Take the lines out by hand, and delete ${UNDO_FILE}.`);
  }
  const changed = states.filter(({ now, before }) => !isSame(now, before));
  replaceAll(changed.map(({ file, before }) =>
    ({ path: join(folder, file), bytes: before === null ? undefined : Buffer.from(before, 'base64') })));
  rmSync(join(folder, UNDO_FILE));
  return changed.map(({ file }) => file);
}

function isSame(now: Buffer | undefined, before: string | null): boolean {
  return before === null ? now === undefined : now !== undefined && now.equals(Buffer.from(before, 'base64'));
}

function readUndo(path: string): Undo[] {
  const bytes = tryBytes(path);
  if (!bytes) throw new CouldNotRun(`There is nothing to undo: ${UNDO_FILE} is not here.`);
  try {
    const content: unknown = JSON.parse(bytes.toString());
    if (isRecord(content) && content.version === 1 && Array.isArray(content.files)) return content.files as Undo[];
  } catch {
    // Told below.
  }
  throw new CouldNotRun(`${UNDO_FILE} was not written by this version of plumbline init.`);
}

interface Replacement { readonly path: string; readonly bytes?: Buffer }

/** Without bytes a file goes. When one cannot be written, those before it get their old bytes back. */
function replaceAll(replacements: readonly Replacement[]): void {
  const done: Replacement[] = [];
  try {
    for (const replacement of replacements) {
      const old = { path: replacement.path, bytes: tryBytes(replacement.path) };
      replace(replacement);
      done.push(old);
    }
  } catch (error) {
    for (const old of done.reverse()) replace(old);
    throw new CouldNotRun(`Nothing was changed: ${(error as Error).message}`);
  }
}

function replace({ path, bytes }: Replacement): void {
  if (!bytes) return rmSync(path, { force: true });
  const target = existsSync(path) ? realpathSync(path) : path;
  const unfinished = join(dirname(target), `.${process.pid}.${process.hrtime.bigint()}.plumbline`);
  try {
    writeFileSync(unfinished, bytes, { flag: 'wx' });
    if (existsSync(target)) chmodSync(unfinished, statSync(target).mode);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function tryBytes(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

/** The text of a file, to the byte; undefined where there is none. Errors: it is not UTF-8. */
export function tryTextOf(path: string): string | undefined {
  const bytes = tryBytes(path);
  const text = bytes?.toString();
  if (bytes && !Buffer.from(text!).equals(bytes)) throw new CouldNotRun(`${path} is not in UTF-8: add the lines by hand.`);
  return text;
}
