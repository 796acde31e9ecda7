import { performance } from 'node:perf_hooks';
import { CLIENT_POLICY } from '../../../../src/contract/data';

/** What Node's timers can count to; they take a longer time for one millisecond. */
const MAX_MS = 2 ** 31 - 1;

/** Calls back once, and tells how late that was. Returns how to stop it. */
export function startTimer(ms: number, onExpired: (lateMs: number) => void): () => void {
  const waitMs = Math.min(ms, MAX_MS);
  const due = performance.now() + waitMs;
  const timer = setTimeout(() => onExpired(performance.now() - due), waitMs);
  return () => clearTimeout(timer);
}

/** Whether a timer was so late that the process stood still. What is in the sockets has not been read yet then, and nobody was slow. */
export function stoodStill(lateMs: number): boolean {
  return lateMs >= CLIENT_POLICY.standstillMs;
}
