// eslint-disable-next-line import/no-extraneous-dependencies -- the copy that the SDK's client brings: a second one would be bundled beside it
import { AdaptiveRetryStrategy, DefaultRateLimiter, getRetryAfterHint } from '@smithy/core/retry';
import type { RetryErrorInfo, RetryErrorType, RetryStrategyV2, RetryToken, SdkError } from '@smithy/types';
import { FailureKind } from './failure-kind';
import { retryDelayMs } from './retry-delay';

const ERROR_TYPES: Readonly<Record<FailureKind, RetryErrorType>> = {
  timeout: 'TRANSIENT', connection: 'TRANSIENT', server: 'TRANSIENT', throttling: 'THROTTLING',
};
/** The SDK's back-off can be neither aborted nor cut short, so that the call does that wait itself. */
const NO_BACKOFF = { computeNextBackoffDelay: () => 0, setDelayBase: () => undefined };

/** The SDK's adaptive mode for one Region: retry quota, and a send rate that follows the throttling seen there. */
export class RegionPacing {
  private readonly limiter = new DefaultRateLimiter();
  private readonly strategy: RetryStrategyV2;
  private seenThrottling = false;

  public constructor(maxAttempts: number) {
    this.strategy = new AdaptiveRetryStrategy(maxAttempts, { rateLimiter: this.limiter, backoff: NO_BACKOFF });
  }

  /** Whether the send rate may ask anyone to wait; it does not before the first throttling. */
  public get mayWait(): boolean {
    return this.seenThrottling;
  }

  /** Waits as long as the send rate asks. */
  public async start(): Promise<RetryToken> {
    return this.strategy.acquireInitialRetryToken('');
  }

  /** How long to wait before the next attempt here, the send rate aside. */
  public backoffMs(token: RetryToken, kind: FailureKind, error: unknown): number {
    const hint = getRetryAfterHint((error as { $response?: unknown }).$response);
    return retryDelayMs({ kind, retry: token.getRetryCount(), hintMs: hint && hint.getTime() - Date.now(), random: Math.random() });
  }

  /** Waits as long as the send rate asks. The retry quota is spent when the Region has failed too often lately. */
  public async again(token: RetryToken, kind: FailureKind, error: unknown): Promise<RetryToken | 'quota-spent'> {
    this.notice(kind);
    return this.strategy.refreshRetryTokenForRetry(token, errorInfo(kind, error)).catch(() => 'quota-spent' as const);
  }

  public succeeded(token: RetryToken): void {
    this.strategy.recordSuccess(token);
  }

  /** A failure that is not tried again here still teaches the send rate. */
  public left(kind: FailureKind, error: unknown): void {
    this.notice(kind);
    this.limiter.updateClientSendingRate(errorInfo(kind, error));
  }

  private notice(kind: FailureKind): void {
    if (kind === 'throttling') this.seenThrottling = true;
  }
}

function errorInfo(kind: FailureKind, error: unknown): RetryErrorInfo {
  return { error: error as SdkError, errorType: ERROR_TYPES[kind] };
}
