import type { FailureKind } from './failure-kind';
import type { BackoffPolicy } from './retry-policy';

export interface RetryDelayOptions {
  readonly kind: FailureKind;
  /** 0 for the first retry in this Region. */
  readonly retry: number;
  /** What Retry-After asks for, from now. */
  readonly hintMs: number | undefined;
  /** From 0 to 1. */
  readonly random: number;
}

/** Exponential back-off with full jitter; never shorter than what the server asks for within reason. */
export function retryDelayMs({ kind, retry, hintMs = 0, random }: RetryDelayOptions, { baseMs, maxHintMs }: BackoffPolicy): number {
  const ownMs = random * baseMs[kind] * 2 ** retry;
  return Math.max(ownMs, Math.min(hintMs, ownMs + maxHintMs));
}
