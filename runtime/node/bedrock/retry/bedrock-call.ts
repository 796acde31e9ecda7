import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { RetryToken } from '@smithy/types';
import { Attempt, AttemptLimits, runAttempt } from './attempt';
import { pause, waitAtMost } from './bounded-wait';
import { CallReport, fallbackReason, outcomeOf } from '../client/call-report';
import { CallerSignal, throwIfAborted } from './caller-abort';
import type { ClientPolicy } from '../client/client-policy';
import { FailureKind, failureKind } from './failure-kind';
import { CircuitDecision, RegionCircuit } from './region-circuit';
import type { RegionPacing } from './region-pacing';
import { RegionPlan, regionOfAttempt } from './region-plan';
import { TimeLimitError } from './time-limit-errors';
import { toldError } from './told-error';

/** An attempt has its own clock for connecting and reading; this much later the call stops waiting for whatever else hangs. */
const BACKSTOP_GRACE_MS = 100;

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
  readonly policy: ClientPolicy;
  readonly circuit: RegionCircuit;
  readonly report: CallReport;
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

  public constructor(private readonly request: CallRequest<R>, private readonly around: CallSurroundings) {
    this.decision = request.fallback === undefined ? 'closed' : around.circuit.decide();
    this.plan = planFor(this.decision, request, around.policy);
    [this.region] = this.plan.regions;
  }

  public async run(): Promise<CallResult<R>> {
    if (this.decision === 'open') this.around.report.rerouted(this.request.primary, this.region, this.around.circuit.reason);
    try {
      const result = await this.attemptUntilDone();
      this.around.report.ended('success', this.region, this.failedAttempts + 1);
      return { result, attempts: this.failedAttempts + 1, waitedMs: this.waitedMs };
    } catch (failure) {
      const error = toldError(failure, failureKind(failure));
      this.around.report.ended(outcomeOf(error), this.region, Math.max(this.failedAttempts, 1));
      annotate(error, this.failedAttempts, this.waitedMs);
      throw error;
    } finally {
      if (this.decision === 'probe') this.around.circuit.probeEnded();
    }
  }

  private async attemptUntilDone(): Promise<R> {
    let token = await this.firstToken(this.region);
    for (;;) {
      try {
        const result = await this.attempt();
        token && this.around.pacing(this.region).succeeded(token);
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
    if (this.leftMs() <= 0) throw new TimeLimitError('deadline', 0);
    const attempt: Attempt = {
      region: this.region, number: this.failedAttempts + 1, maxAttempts: this.plan.maxAttempts, invocationId: this.invocationId, limits,
    };
    const limitMs = Math.min(limits.connectMs + limits.readMs, this.leftMs()) + BACKSTOP_GRACE_MS;
    const work = runAttempt(attempt, () => this.request.send(this.region)).then(result => ({ result }));
    try {
      const answered = await waitAtMost(work, { limitMs, signal });
      if (!answered) throw new TimeLimitError('read', limitMs);
      return answered.result;
    } catch (error) {
      attempt.abandoned = true;
      throw error;
    } finally {
      if (attempt.endpointPinned) this.plan = { ...this.plan, regions: [this.request.primary] };
    }
  }

  /** Waits until the next attempt may start, in the Region the plan names. Throws the failure when there is no next attempt. */
  private async tokenAfter(error: unknown, token: RetryToken | undefined): Promise<RetryToken | undefined> {
    const kind = failureKind(error);
    this.failedAttempts += 1;
    this.around.report.attemptFailed(kind);
    if (kind === undefined || !this.around.policy.retried.includes(kind)) {
      if (isAnswer(error)) this.primaryAnswered();
      throw error;
    }
    const next = regionOfAttempt(this.plan, this.failedAttempts);
    if (next === undefined || !this.request.repeatable || endsWithTheFunction(error)) {
      this.around.pacing(this.region).left(kind, error);
      throw error;
    }
    const started = performance.now();
    const nextToken = next === this.region ? await this.tokenToRepeat(kind, error, token) : await this.tokenToReroute(next, kind, error);
    this.waitedMs += performance.now() - started;
    if (this.leftMs() <= 0) throw error;
    return nextToken;
  }

  private async tokenToRepeat(kind: FailureKind, error: unknown, token: RetryToken | undefined): Promise<RetryToken | undefined> {
    if (!token) return this.firstToken(this.region);
    const pacing = this.around.pacing(this.region);
    const until = performance.now() + this.longestWaitMs();
    await pause({ limitMs: Math.min(pacing.backoffMs(token, kind, error), this.longestWaitMs()), signal: this.request.signal });
    const next = await waitAtMost(pacing.again(token, kind, error), { limitMs: Math.max(0, until - performance.now()), signal: this.request.signal });
    if (next === 'quota-spent') throw error;
    return next ?? token;
  }

  private async tokenToReroute(next: string, kind: FailureKind, error: unknown): Promise<RetryToken | undefined> {
    this.around.pacing(this.region).left(kind, error);
    if (this.region === this.request.primary) {
      this.around.circuit.fellBack(fallbackReason(kind), this.decision);
      this.around.report.rerouted(this.region, next, fallbackReason(kind));
    }
    this.region = next;
    return this.firstToken(next);
  }

  private async firstToken(region: string): Promise<RetryToken | undefined> {
    const pacing = this.around.pacing(region);
    if (!pacing.mayWait) return pacing.start();
    return waitAtMost(pacing.start(), { limitMs: this.longestWaitMs(), signal: this.request.signal });
  }

  private longestWaitMs(): number {
    return Math.max(0, Math.min(this.around.policy.maxRetryWaitMs, this.leftMs()));
  }

  private leftMs(): number {
    return this.request.limits.deadline - performance.now();
  }

  private primaryAnswered(): void {
    if (this.region === this.request.primary) this.around.circuit.primaryAnswered();
  }
}

function planFor(decision: CircuitDecision, { primary, fallback }: CallRequest<unknown>, { maxAttempts, regions }: ClientPolicy): RegionPlan {
  const { failuresBeforeFallback } = regions;
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
