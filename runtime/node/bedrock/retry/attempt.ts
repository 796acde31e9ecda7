import { AsyncLocalStorage } from 'node:async_hooks';
import type { AttemptClock } from '../http/attempt-clock';

/** How long one attempt may take, as it stands when the attempt starts. */
export interface AttemptLimits {
  readonly connectMs: number;
  readonly readMs: number;
  /** In the time of `performance.now()`. Infinity outside Lambda. */
  readonly deadline: number;
}

/** One try of one call: what the layers below the retry loop need to know of it, and what they found. */
export interface Attempt {
  readonly region: string;
  readonly number: number;
  readonly maxAttempts: number;
  readonly invocationId: string;
  readonly limits: AttemptLimits;
  clock?: AttemptClock;
  /** The call no longer waits for this attempt; it must not reach the network any more. */
  abandoned?: boolean;
  /** The user named the endpoint, so that no other Region can be reached. */
  endpointPinned?: boolean;
}

/**
 * The SDK resolves endpoint, signature and connection in layers that share no argument. Each reads the attempt it works for from here,
 * so that one client serves two Regions and every layer agrees on which.
 */
const storage = new AsyncLocalStorage<Attempt>();

export function runAttempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  return storage.run(attempt, work);
}

export function currentAttempt(): Attempt | undefined {
  return storage.getStore();
}
