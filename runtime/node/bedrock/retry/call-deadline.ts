import { performance } from 'node:perf_hooks';

/** When a call must end, in the time of `performance.now()`, so that the function can still answer before Lambda ends it. */
export function callDeadline(remainingTimeMs: number, reserve: { readonly ms: number; readonly share: number }): number {
  if (!Number.isFinite(remainingTimeMs)) return Infinity;
  return performance.now() + remainingTimeMs - Math.min(reserve.ms, remainingTimeMs * reserve.share);
}
