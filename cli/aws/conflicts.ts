import { setTimeout as pause } from 'timers/promises';
import * as conflicts from '../../src/contract/prompts/write-conflicts';

export type { Cancelled } from '../../src/contract/prompts/write-conflicts';

/** Makes a write again that met another one of the same object or item. */
export function unconflicted<T>(write: () => Promise<T>): Promise<T> {
  return conflicts.unconflicted(write, pause);
}

/** Whether a write took place: false when its condition did not hold. */
export async function metCondition(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await unconflicted(write);
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
