import type { FailureKind } from './failure-kind';

const BASE_MS: Readonly<Record<FailureKind, number>> = { timeout: 50, connection: 50, server: 50, throttling: 1_000 };
/** What a server may ask for on top of our own back-off; beyond that the budget of the call matters more. */
const MAX_HINT_MS = 5_000;

export interface RetryDelayOptions {
  readonly kind: FailureKind;
  /** 0 for the first retry in this Region. */
  readonly retry: number;
  /** What Retry-After asks for, from now. */
  readonly hintMs: number | undefined;
  /** From 0 to 1. */
  readonly random: number;
}

/** Exponential back-off with full jitter, by the numbers of the SDK's own; never shorter than what the server asks for within reason. */
export function retryDelayMs({ kind, retry, hintMs = 0, random }: RetryDelayOptions): number {
  const ownMs = random * BASE_MS[kind] * 2 ** retry;
  return Math.max(ownMs, Math.min(hintMs, ownMs + MAX_HINT_MS));
}
