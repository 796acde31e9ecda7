import type { SendRatePolicy } from './retry-policy';

/**
 * How many requests a second one Region gets. Any number, until more answers of one window are throttled than is tolerated; then as many as
 * the Region took in that window, and more again from window to window. The SDK's own limiter sends a third less for each throttled
 * answer: under 200 calls at once, of which one in a hundred is throttled, it lets one through in two seconds.
 */
export class SendRate {
  private perSecond = Infinity;
  private nextTurn = 0;
  private windowStart = 0;
  private answers = 0;
  private throttled = 0;

  public constructor(private readonly policy: SendRatePolicy, private readonly now: () => number) {}

  /** How long to wait for the next turn, which is then taken. A wait beyond the limit ends with the limit and takes none. */
  public takeTurn(earliestMs: number, limitMs: number): number {
    if (this.perSecond === Infinity) return Math.min(earliestMs, limitMs);
    const now = this.now();
    const turn = Math.max(now + earliestMs, this.nextTurn);
    if (turn - now > limitMs) return limitMs;
    this.nextTurn = turn + 1_000 / this.perSecond;
    return turn - now;
  }

  /** A turn that was taken, and is not used after all. */
  public giveBackTurn(): void {
    if (this.perSecond !== Infinity) this.nextTurn -= 1_000 / this.perSecond;
  }

  public answered(throttled: boolean): void {
    const now = this.now();
    const elapsedMs = now - this.windowStart;
    if (elapsedMs >= this.policy.windowMs) {
      this.judge(elapsedMs);
      this.windowStart = now;
      this.answers = this.throttled = 0;
    }
    this.answers += 1;
    if (throttled) this.throttled += 1;
  }

  private judge(elapsedMs: number): void {
    const { windowMs, minAnswers, toleratedShare, minPerSecond, growth } = this.policy;
    const perSecond = (answers: number) => answers * 1_000 / elapsedMs;
    const isPaced = this.perSecond !== Infinity;
    // What lies long back, and a handful of answers, say nothing of what the Region takes now.
    if (elapsedMs > 2 * windowMs || (!isPaced && this.answers < minAnswers)) {
      this.perSecond = Infinity;
    } else if (this.throttled > toleratedShare * this.answers) {
      this.perSecond = Math.max(minPerSecond, perSecond(this.answers - this.throttled));
    } else if (isPaced) {
      this.perSecond = perSecond(this.answers) * growth < this.perSecond ? Infinity : this.perSecond * growth;
    }
  }
}
