import { performance } from 'node:perf_hooks';
import { TimeLimitError, TimeLimitPhase } from './time-limit-errors';
import { startTimer, stoodStill } from './timer';

/** How long one attempt may take, as it stands when the attempt starts. */
export interface AttemptLimits {
  readonly connectMs: number;
  readonly readMs: number;
  /** In the time of `performance.now()`. Infinity outside Lambda. */
  readonly deadline: number;
  /** What errors call the service. @default Amazon Bedrock */
  readonly service?: string;
}

/** Measures one attempt. Connecting and reading have limits of their own; the deadline of the function is above both. */
export class AttemptClock {
  private stopTimer: (() => void) | undefined;
  private phase: TimeLimitPhase = 'read';
  private over = false;

  public constructor(private readonly limits: AttemptLimits, private readonly onExpired: (error: TimeLimitError) => void) {}

  public connecting(): void {
    this.start('connect');
  }

  public connected(): void {
    if (this.stopTimer) this.start('read');
  }

  public reading(): void {
    this.start('read');
  }

  public waitingForMore(): void {
    this.start('stream');
  }

  /** Something happened: a silence that is being measured begins anew. */
  public touch(): void {
    if (this.stopTimer && this.phase !== 'connect') this.start(this.phase);
  }

  public stop(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
  }

  /** For good: a connection that the agent makes for somebody else may still report to this clock. */
  public end(): void {
    this.stop();
    this.over = true;
  }

  private start(phase: TimeLimitPhase): void {
    this.stopTimer?.();
    if (this.over) return;
    this.phase = phase;
    const limitMs = phase === 'connect' ? this.limits.connectMs : this.limits.readMs;
    const { deadline, service } = this.limits;
    const leftMs = Math.max(0, deadline - performance.now());
    this.stopTimer = leftMs < limitMs
      ? startTimer(leftMs, () => this.onExpired(new TimeLimitError('deadline', leftMs, service)))
      : startTimer(limitMs, lateMs => {
        if (stoodStill(lateMs)) this.start(phase);
        else this.onExpired(new TimeLimitError(phase, limitMs, service));
      });
  }
}
