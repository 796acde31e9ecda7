import { renameSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { CouldNotRun } from './could-not-run';

/** Writes a file whole or not at all: whoever reads it meanwhile, and whatever stops us, the old one is there until the new one is. */
export function writeWhole(file: string, text: string): void {
  const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}.${process.hrtime.bigint()}`);
  try {
    writeFileSync(unfinished, text, { flag: 'wx' });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new CouldNotRun(`${file} cannot be written: ${(error as Error).message}`);
  }
}
