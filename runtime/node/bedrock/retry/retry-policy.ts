import type { FailureKind } from './failure-kind';

/** The numbers of the contract's client policy that decide how a call is repeated. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly retryMode: 'standard' | 'adaptive';
  readonly maxRetryWaitMs: number;
  readonly backoff: BackoffPolicy;
  readonly sendRate: SendRatePolicy;
  readonly backstopGraceMs: number;
  readonly regions: { readonly failuresBeforeFallback: number };
  readonly retried: readonly FailureKind[];
}

export interface BackoffPolicy {
  readonly baseMs: Readonly<Record<FailureKind, number>>;
  readonly maxHintMs: number;
}

export interface SendRatePolicy {
  readonly windowMs: number;
  readonly minAnswers: number;
  readonly toleratedShare: number;
  readonly minPerSecond: number;
  readonly growth: number;
}
