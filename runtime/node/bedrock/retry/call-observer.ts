import type { FailureKind } from './failure-kind';
import type { FallbackReason } from './region-circuit';

export interface CallEnd {
  /** What was answered; undefined when the call failed. */
  readonly result?: unknown;
  /** Undefined when the call succeeded. */
  readonly error: unknown;
  /** Where its last attempt went. */
  readonly region: string;
  readonly attempts: number;
}

/** Who is told of one call while it runs. */
export interface CallObserver {
  attemptFailed(kind: FailureKind | undefined): void;
  rerouted(fromRegion: string, toRegion: string, reason: FallbackReason): void;
  ended(end: CallEnd): void;
}
