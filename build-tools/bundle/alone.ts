import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname } from 'path';
import { setTimeout as sleep } from 'timers/promises';

const WAIT_MS = 200;

/**
 * Runs `build` while no other process builds, and tells it whether what another one left is unfinished. The file `mark` stands for as long
 * as something is being built, and stays where a build was interrupted or has failed: then nothing is taken for built.
 */
export async function aloneWith(mark: string, build: (isUnfinished: boolean) => Promise<void>): Promise<void> {
  mkdirSync(dirname(mark), { recursive: true });
  let isUnfinished = false;
  while (!tryMark(mark)) {
    if (isBuilderAlive(mark)) {
      await sleep(WAIT_MS);
    } else {
      isUnfinished = true;
      rmSync(mark, { force: true });
    }
  }
  await build(isUnfinished);
  rmSync(mark);
}

function tryMark(mark: string): boolean {
  try {
    writeFileSync(mark, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isBuilderAlive(mark: string): boolean {
  try {
    const builder = Number(readFileSync(mark, 'utf8'));
    // Between its making and its first byte the mark is empty.
    return builder === 0 || process.kill(builder, 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Of another user; or gone since: its builder is through.
    return code === 'EPERM' || code === 'ENOENT';
  }
}
