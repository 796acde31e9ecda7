import { performance } from 'node:perf_hooks';
import type { AttemptLimits } from './attempt';
import { TimeLimitError, TimeLimitPhase } from './time-limit-errors';

/** Measures one attempt. Connecting and reading have limits of their own; the deadline of the function is above both. */
export class AttemptClock {
  private timer: NodeJS.Timeout | undefined;

  public constructor(private readonly limits: AttemptLimits, private readonly onExpired: (error: TimeLimitError) => void) {}

  public connecting(): void {
    this.restart('connect', this.limits.connectMs);
  }

  public reading(): void {
    this.restart('read', this.limits.readMs);
  }

  public waitingForMore(inactivityMs = this.limits.readMs): void {
    this.restart('stream', inactivityMs);
  }

  public stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private restart(phase: TimeLimitPhase, limitMs: number): void {
    clearTimeout(this.timer);
    const left = Math.max(0, this.limits.deadline - performance.now());
    const error = left < limitMs ? new TimeLimitError('deadline', left) : new TimeLimitError(phase, limitMs);
    this.timer = setTimeout(this.onExpired, error.limitMs, error);
  }
}
