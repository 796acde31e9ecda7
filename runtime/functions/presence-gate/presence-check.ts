/** What the gate waits for. */
export interface PresenceDemand {
  readonly metrics: readonly string[];
  readonly needed: number;
  readonly requests: number;
  readonly inParallel: number;
  readonly toleratedFailures: number;
  readonly withinMs: number;
  readonly pollMs: number;
  /** Of one data point. */
  readonly periodMs: number;
}

/** What the gate cannot do by itself. */
export interface PresencePorts {
  now(): number;
  pause(milliseconds: number): Promise<void>;
  /** Sends one synthetic request. Undefined: it was answered; a text says in a word why not. */
  send(ordinal: number, timeLeftMs: number): Promise<string | undefined>;
  /** The ids of the metrics that have data since then. */
  seenSince(startMs: number): Promise<ReadonlySet<string>>;
}

/** What became of the gate. */
export interface PresenceResult {
  readonly passed: boolean;
  readonly seen: readonly string[];
  readonly missing: readonly string[];
  readonly needed: number;
  readonly sent: number;
  readonly failed: number;
  /** How often what went wrong with the requests. */
  readonly problems: Readonly<Record<string, number>>;
  /** Why the metrics could not be read the last time, if so. */
  readonly readProblem?: string;
  readonly seconds: number;
}

/**
 * Sends the synthetic requests and looks for their metrics, until enough are seen or the time is over.
 *
 * It starts with a full minute, of which CloudWatch makes one data point: what the version before it has emitted stands in minutes that are
 * not looked at.
 */
export async function checkPresence(ports: PresencePorts, demand: PresenceDemand): Promise<PresenceResult> {
  const start = Math.ceil(ports.now() / demand.periodMs) * demand.periodMs;
  await ports.pause(start - ports.now());
  const check = new PresenceCheck(ports, demand, start);
  await Promise.all([check.sendAll(), check.watch()]);
  return check.result();
}

class PresenceCheck {
  private seen: ReadonlySet<string> = new Set();
  private readProblem: string | undefined;
  private sent = 0;
  private answered = 0;
  private hasSentAll = false;
  private readonly problems: Record<string, number> = {};

  public constructor(private readonly ports: PresencePorts, private readonly demand: PresenceDemand, private readonly start: number) {}

  public async sendAll(): Promise<void> {
    await Promise.all(Array.from({ length: this.demand.inParallel }, () => this.sendOnes()));
    this.hasSentAll = true;
  }

  public async watch(): Promise<void> {
    while (!this.isDecided()) {
      await this.ports.pause(Math.max(0, Math.min(this.demand.pollMs, this.timeLeft())));
      await this.look();
      if (this.timeLeft() <= 0) return;
    }
  }

  public result(): PresenceResult {
    const { metrics, needed } = this.demand;
    return {
      passed: this.seen.size >= needed && !this.failsTooOften() && this.sent === this.demand.requests,
      seen: metrics.filter(id => this.seen.has(id)),
      missing: metrics.filter(id => !this.seen.has(id)),
      needed,
      sent: this.sent,
      failed: this.failed,
      problems: this.problems,
      ...this.readProblem !== undefined && { readProblem: this.readProblem },
      seconds: Math.round((this.ports.now() - this.start) / 1_000),
    };
  }

  private get failed(): number {
    return this.sent - this.answered;
  }

  private async sendOnes(): Promise<void> {
    while (this.sent < this.demand.requests && this.timeLeft() > 0 && !this.failsTooOften()) {
      const problem = await this.ports.send(this.takeOrdinal(), this.timeLeft());
      if (problem === undefined) this.answered += 1;
      else this.problems[problem] = (this.problems[problem] ?? 0) + 1;
    }
  }

  private takeOrdinal(): number {
    const ordinal = this.sent;
    this.sent += 1;
    return ordinal;
  }

  /** One that is throttled or broken is no answer: the next look may be. */
  private async look(): Promise<void> {
    try {
      this.seen = new Set([...this.seen, ...await this.ports.seenSince(this.start)]);
      this.readProblem = undefined;
    } catch (error) {
      this.readProblem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }

  private isDecided(): boolean {
    return this.hasSentAll && (this.seen.size >= this.demand.needed || this.failsTooOften());
  }

  /** By those that are known to have failed: one under way has not. */
  private failsTooOften(): boolean {
    return Object.values(this.problems).reduce((sum, count) => sum + count, 0) > this.demand.toleratedFailures;
  }

  private timeLeft(): number {
    return this.start + this.demand.withinMs - this.ports.now();
  }
}
