import { setTimeout as pause } from 'timers/promises';

export interface Patience {
  readonly patienceMs: number;
  readonly lookEveryMs: number;
}

/** Looks until it is so, or the patience is over. Returns whether it became so. */
export async function until(isSo: () => boolean | Promise<boolean>, { patienceMs, lookEveryMs }: Patience): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += lookEveryMs) {
    if (await isSo()) return true;
    await pause(lookEveryMs);
  }
  return false;
}
