import { AsyncLocalStorage } from 'node:async_hooks';
import type { AttemptClock, AttemptLimits } from './attempt-clock';

/** One try of one call: what the layers below the retry loop need to know of it, and what they found. */
export interface Attempt {
  readonly region: string;
  readonly number: number;
  readonly maxAttempts: number;
  readonly invocationId: string;
  readonly limits: AttemptLimits;
  /** The attempt before lost its connection. Those that are idle may be as dead, without anybody having been told. */
  readonly freshConnection: boolean;
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
