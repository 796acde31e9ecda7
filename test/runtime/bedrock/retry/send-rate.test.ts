import * as fc from 'fast-check';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { SendRate } from '../../../../runtime/node/bedrock/retry/send-rate';

const POLICY = STANDARD_POLICY.sendRate;
const LIMIT_MS = 5_000;

/** A Region under a clock of the test's own. */
class Traffic {
  public now = 1_000_000;
  public readonly rate = new SendRate(POLICY, () => this.now);

  /** So many answers over so many windows, of which a share is throttled. */
  public answers(count: number, throttledShare: number, windows = 1): void {
    for (let answer = 0; answer < count; answer += 1) {
      this.now += windows * POLICY.windowMs / count;
      this.rate.answered(Math.floor((answer + 1) * throttledShare) > Math.floor(answer * throttledShare));
    }
  }

  /** How long the last of so many calls at once waits. */
  public waitOf(calls: number): number {
    return Math.max(...Array.from({ length: calls }, () => this.rate.takeTurn(0, LIMIT_MS)));
  }
}

describe('the send rate of a Region', () => {
  test.each([0, 0.01, 0.02, 0.05])('asks nobody to wait while at most 5 %% of the answers are throttled: %s', share => {
    const traffic = new Traffic();
    traffic.answers(2_000, share, 10);
    expect(traffic.waitOf(200)).toBe(0);
  });

  test.each([0.1, 0.5, 0.9])('becomes what the Region took, when %s of the answers are throttled', share => {
    const traffic = new Traffic();
    traffic.answers(200, share, 2);
    const took = 100 * (1 - share);
    // The first has its turn at once.
    expect(traffic.waitOf(11)).toBeGreaterThan(10_000 / took * 0.9);
    expect(traffic.waitOf(1)).toBeLessThan(13_000 / took);
  });

  test('lets one through in a second where nothing else passes', () => {
    const traffic = new Traffic();
    traffic.answers(200, 1, 2);
    expect(traffic.waitOf(4)).toBeCloseTo(3_000 / POLICY.minPerSecond, 0);
  });

  test('gives a turn that was given back to the next who asks', () => {
    const traffic = new Traffic();
    traffic.answers(200, 1, 2);
    expect([traffic.waitOf(1), traffic.waitOf(1)]).toEqual([0, 1_000]);
    traffic.rate.giveBackTurn();
    expect(traffic.waitOf(1)).toBe(1_000);
  });

  test('grows from window to window, until nobody waits any more', () => {
    const traffic = new Traffic();
    traffic.answers(200, 1, 2);
    for (let perSecond = 1, second = 0; second < 15; second += 1, perSecond = Math.ceil(perSecond * POLICY.growth)) {
      traffic.answers(perSecond, 0);
    }
    traffic.answers(5, 0);
    traffic.answers(5, 0);
    expect(traffic.waitOf(200)).toBe(0);
  });

  test('forgets a throttling that lies back', () => {
    const traffic = new Traffic();
    traffic.answers(200, 1, 2);
    traffic.now += 60_000;
    traffic.answers(1, 0);
    expect(traffic.waitOf(200)).toBe(0);
  });

  test('makes nothing of a handful of answers', () => {
    const traffic = new Traffic();
    traffic.answers(POLICY.minAnswers - 2, 1, 1.5);
    expect(traffic.waitOf(50)).toBe(0);
  });

  test('asks for no wait beyond the limit, and for none shorter than the back-off', () => {
    const steps = fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 300 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 8 });
    fc.assert(fc.property(steps, fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 5_000 }), (history, earliestMs, limitMs) => {
      const traffic = new Traffic();
      for (const { count, share } of history) traffic.answers(count, share);
      for (let call = 0; call < 50; call += 1) {
        const wait = traffic.rate.takeTurn(earliestMs, limitMs);
        expect(wait).toBeLessThanOrEqual(limitMs);
        expect(wait).toBeGreaterThanOrEqual(Math.min(earliestMs, limitMs));
      }
    }));
  });
});
