import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { RetryToken } from '@smithy/types';
import { Attempt, runAttempt } from './attempt';
import type { AttemptLimits } from './attempt-clock';
import { waitAtMost } from './bounded-wait';
import type { CallObserver } from './call-observer';
import { CallerSignal, throwIfAborted } from './caller-abort';
import { failureKind } from './failure-kind';
import { CircuitDecision, fallbackReason, RegionCircuit } from './region-circuit';
import type { Failure, RegionPacing, WaitLimits } from './region-pacing';
import { planWithout, RegionPlan, regionOfAttempt } from './region-plan';
import type { RetryPolicy } from './retry-policy';
import { TimeLimitError } from './time-limit-errors';
import { toldError } from './told-error';

export interface CallRequest<R> {
  readonly limits: AttemptLimits;
  readonly primary: string;
  /** Undefined when this request can be answered only in the primary Region. */
  readonly fallback: string | undefined;
  /** False when the request's body is a stream, which cannot be sent twice. */
  readonly repeatable: boolean;
  readonly signal: CallerSignal | undefined;
  send(region: string): Promise<R>;
}

export interface CallSurroundings {
  readonly policy: RetryPolicy;
  readonly circuit: RegionCircuit;
  readonly observer: CallObserver;
  pacing(region: string): RegionPacing;
}

export interface CallResult<R> {
  readonly result: R;
  readonly attempts: number;
  readonly waitedMs: number;
}

/** One call: up to three attempts over both Regions together, in the time there is. */
export class BedrockCall<R> {
  private readonly invocationId = randomUUID();
  private readonly decision: CircuitDecision;
  private plan: RegionPlan;
  private failedAttempts = 0;
  private waitedMs = 0;
  private region: string;
  private lostConnection = false;

  public constructor(private readonly request: CallRequest<R>, private readonly around: CallSurroundings) {
    this.decision = request.fallback === undefined ? 'closed' : around.circuit.decide();
    this.plan = planFor(this.decision, request, around.policy);
    [this.region] = this.plan.regions;
  }

  public async run(): Promise<CallResult<R>> {
    const { observer, circuit } = this.around;
    if (this.decision === 'open') observer.rerouted(this.request.primary, this.region, circuit.reason);
    try {
      const result = await this.attemptUntilDone();
      const attempts = this.failedAttempts + 1;
      observer.ended({ result, error: undefined, region: this.region, attempts });
      return { result, attempts, waitedMs: this.waitedMs };
    } catch (failure) {
      const error = toldError(failure, failureKind(failure), this.request.limits.service);
      observer.ended({ error, region: this.region, attempts: Math.max(this.failedAttempts, 1) });
      annotate(error, this.failedAttempts, this.waitedMs);
      throw error;
    } finally {
      if (this.decision === 'probe') circuit.probeEnded();
    }
  }

  private async attemptUntilDone(): Promise<R> {
    let token = await this.pacing.start(this.waitLimits());
    for (;;) {
      try {
        const result = await this.attempt();
        this.pacing.succeeded(token);
        this.primaryAnswered();
        return result;
      } catch (error) {
        token = await this.tokenAfter(error, token);
      }
    }
  }

  private async attempt(): Promise<R> {
    const { limits, signal } = this.request;
    throwIfAborted(signal);
    if (this.leftMs() <= 0) throw new TimeLimitError('deadline', 0, limits.service);
    const attempt: Attempt = {
      region: this.region,
      number: this.failedAttempts + 1,
      maxAttempts: this.plan.maxAttempts,
      invocationId: this.invocationId,
      limits,
      freshConnection: this.lostConnection,
    };
    // The attempt measures itself once it reaches the network. Before that credentials or a user's middleware may hang.
    const limitMs = () => Math.min(limits.connectMs + limits.readMs, this.leftMs()) + this.around.policy.backstopGraceMs;
    const work = runAttempt(attempt, () => this.request.send(this.region)).then(result => ({ result }));
    try {
      const answered = await waitAtMost(work, limitMs, signal);
      if (!answered) throw new TimeLimitError('read', limits.connectMs + limits.readMs, limits.service);
      return answered.result;
    } catch (error) {
      attempt.abandoned = true;
      throw error;
    } finally {
      if (attempt.endpointPinned) this.plan = { ...this.plan, regions: [this.request.primary] };
    }
  }

  /** Waits until the next attempt may start, in the Region the plan names. Throws the failure when there is no next attempt. */
  private async tokenAfter(error: unknown, token: RetryToken): Promise<RetryToken> {
    const kind = failureKind(error);
    this.failedAttempts += 1;
    this.around.observer.attemptFailed(kind);
    if (kind === undefined || !this.around.policy.retried.includes(kind)) {
      if (isAnswer(error)) this.primaryAnswered();
      throw error;
    }
    const failure: Failure = { kind, error };
    this.pacing.failed(failure);
    if (!this.request.repeatable || endsWithTheFunction(error)) throw error;
    this.lostConnection = kind === 'timeout' || kind === 'connection';
    const started = performance.now();
    const next = await this.nextToken(failure, token);
    this.waitedMs += performance.now() - started;
    if (!next || this.leftMs() <= 0) throw error;
    return next;
  }

  private async nextToken(failure: Failure, token: RetryToken): Promise<RetryToken | undefined> {
    const planned = regionOfAttempt(this.plan, this.failedAttempts);
    if (planned === undefined) return undefined;
    if (planned !== this.region) return this.reroute(planned, failure);
    const again = await this.pacing.again(token, failure, this.waitLimits());
    if (again) return again;
    // The quota of this Region is spent. That says nothing of the other one.
    const rest = planWithout(this.region, this.plan);
    if (!rest) return undefined;
    this.plan = rest;
    return this.reroute(rest.regions[0], failure);
  }

  private async reroute(next: string, { kind }: Failure): Promise<RetryToken> {
    if (this.region === this.request.primary) {
      this.around.circuit.fellBack(fallbackReason(kind), this.decision);
      this.around.observer.rerouted(this.region, next, fallbackReason(kind));
    }
    this.region = next;
    return this.pacing.start(this.waitLimits());
  }

  private get pacing(): RegionPacing {
    return this.around.pacing(this.region);
  }

  private waitLimits(): WaitLimits {
    return { limitMs: Math.max(0, Math.min(this.around.policy.maxRetryWaitMs, this.leftMs())), signal: this.request.signal };
  }

  private leftMs(): number {
    return this.request.limits.deadline - performance.now();
  }

  private primaryAnswered(): void {
    if (this.region === this.request.primary) this.around.circuit.primaryAnswered();
  }
}

function planFor(decision: CircuitDecision, { primary, fallback }: CallRequest<unknown>, policy: RetryPolicy): RegionPlan {
  const { maxAttempts, regions: { failuresBeforeFallback } } = policy;
  if (fallback === undefined) return { regions: [primary], failuresBeforeFallback, maxAttempts };
  if (decision === 'open') return { regions: [fallback, primary], failuresBeforeFallback, maxAttempts };
  return { regions: [primary, fallback], failuresBeforeFallback: decision === 'probe' ? 1 : failuresBeforeFallback, maxAttempts };
}

function endsWithTheFunction(error: unknown): boolean {
  return error instanceof TimeLimitError && error.phase === 'deadline';
}

/** The service spoke, even if it said no. */
function isAnswer(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode !== undefined;
}

/** What the SDK tells of its own retries. */
function annotate(error: unknown, attempts: number, waitedMs: number): void {
  if (typeof error !== 'object' || error === null || Object.isFrozen(error)) return;
  const failure = error as { $metadata?: Record<string, unknown> };
  failure.$metadata = { ...failure.$metadata, attempts, totalRetryDelay: Math.round(waitedMs) };
}
