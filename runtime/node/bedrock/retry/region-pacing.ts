import { performance } from 'node:perf_hooks';
// eslint-disable-next-line import/no-extraneous-dependencies -- the copy that the SDK's client brings; a second one would be bundled
import { getRetryAfterHint, StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorType, RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';
import { pause } from './bounded-wait';
import type { CallerSignal } from './caller-abort';
import { FailureKind } from './failure-kind';
import { retryDelayMs } from './retry-delay';
import type { RetryPolicy } from './retry-policy';
import { SendRate } from './send-rate';

export interface WaitLimits {
  readonly limitMs: number;
  readonly signal: CallerSignal | undefined;
}

export interface Failure {
  readonly kind: FailureKind;
  readonly error: unknown;
}

const ERROR_TYPES: Readonly<Record<FailureKind, RetryErrorType>> = {
  timeout: 'TRANSIENT', connection: 'TRANSIENT', server: 'TRANSIENT', throttling: 'THROTTLING',
};
/** The SDK's waits can be neither aborted nor cut short, and a wait that is given up would go on. */
const NO_BACKOFF = { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined };

/** When attempts may go to one Region: the SDK's retry quota, the back-off, and in adaptive mode a send rate that follows throttling. */
export class RegionPacing {
  private readonly quota: RetryStrategyV2;
  private readonly sendRate: SendRate | undefined;

  public constructor(private readonly policy: RetryPolicy) {
    this.quota = new StandardRetryStrategy({ maxAttempts: policy.maxAttempts, backoff: NO_BACKOFF });
    this.sendRate = policy.retryMode === 'adaptive' ? new SendRate(policy.sendRate, () => performance.now()) : undefined;
  }

  /** Waits until a call may make its first attempt here. */
  public async start(limits: WaitLimits): Promise<RetryToken> {
    await this.wait(0, limits);
    return this.quota.acquireInitialRetryToken('');
  }

  /** Waits until a call may try once more here. Undefined, at once, when the Region has failed so often lately that its quota is spent. */
  public async again(token: RetryToken, failure: Failure, limits: WaitLimits): Promise<RetryToken | undefined> {
    const error = failure.error as SdkError;
    const next = await this.quota.refreshRetryTokenForRetry(token, { error, errorType: ERROR_TYPES[failure.kind] }).catch(() => undefined);
    if (next) await this.wait(this.backoffMs(token, failure), limits);
    return next;
  }

  public succeeded(token: RetryToken): void {
    this.quota.recordSuccess(token);
    this.sendRate?.answered(false);
  }

  /** Whether or not the call will be back. */
  public failed({ kind }: Failure): void {
    this.sendRate?.answered(kind === 'throttling');
  }

  private async wait(backoffMs: number, { limitMs, signal }: WaitLimits): Promise<void> {
    const waitMs = this.sendRate?.takeTurn(backoffMs, limitMs) ?? Math.min(backoffMs, limitMs);
    if (waitMs <= 0) return;
    try {
      await pause(waitMs, signal);
    } catch (aborted) {
      if (waitMs < limitMs) this.sendRate?.giveBackTurn();
      throw aborted;
    }
  }

  private backoffMs(token: RetryToken, { kind, error }: Failure): number {
    const hint = getRetryAfterHint((error as { $response?: unknown }).$response);
    const hintMs = hint ? hint.getTime() - Date.now() : NaN;
    const toldMs = Number.isNaN(hintMs) ? undefined : hintMs;
    return retryDelayMs({ kind, retry: token.getRetryCount(), hintMs: toldMs, random: Math.random() }, this.policy.backoff);
  }
}
