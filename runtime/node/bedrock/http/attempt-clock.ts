import { performance } from 'node:perf_hooks';
import type { AttemptLimits } from '../retry/attempt';
import { TimeLimitError, TimeLimitPhase } from '../retry/time-limit-errors';

/** Measures one attempt. Connecting and reading have limits of their own; the deadline of the function is above both. */
export class AttemptClock {
  private timer: NodeJS.Timeout | undefined;
  private phase: TimeLimitPhase = 'read';

  public constructor(private readonly limits: AttemptLimits, private readonly onExpired: (error: TimeLimitError) => void) {}

  public connecting(): void {
    this.start('connect');
  }

  /** A connection may stand when the request has long been given up; then nothing is to be measured. */
  public connected(): void {
    if (this.timer) this.start('read');
  }

  public reading(): void {
    this.start('read');
  }

  public waitingForMore(): void {
    this.start('stream');
  }

  /** Something happened: a silence that is being measured begins anew. */
  public touch(): void {
    if (this.timer && this.phase !== 'connect') this.start(this.phase);
  }

  public stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private start(phase: TimeLimitPhase): void {
    clearTimeout(this.timer);
    this.phase = phase;
    const limitMs = phase === 'connect' ? this.limits.connectMs : this.limits.readMs;
    const left = Math.max(0, this.limits.deadline - performance.now());
    this.timer = left < limitMs
      ? setTimeout(() => this.onExpired(new TimeLimitError('deadline', left)), left)
      : setTimeout(() => this.onExpired(new TimeLimitError(phase, limitMs)), limitMs);
  }
}
