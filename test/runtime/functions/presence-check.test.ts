import { checkPresence, type PresenceDemand, type PresencePorts } from '../../../runtime/functions/presence-gate/presence-check';

const MINUTE = 60_000;
const DEMAND: PresenceDemand = {
  metrics: ['Latency', 'Invocations', 'Throttling'],
  needed: 3,
  requests: 50,
  inParallel: 5,
  toleratedFailures: 5,
  withinMs: 5 * MINUTE,
  pollMs: 15_000,
  periodMs: MINUTE,
};

/** Time goes on only while somebody waits: the earliest of those who do is woken. */
class FakeTime {
  private readonly sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  public constructor(public now: number) {}

  public readonly sleep = (milliseconds: number): Promise<void> => new Promise(resolve => {
    this.sleepers.push({ at: this.now + Math.max(0, milliseconds), wake: resolve });
  });

  public async run<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    void work.then(() => { isOver = true; }, () => { isOver = true; });
    for (;;) {
      // All that needs no time.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      if (isOver) return work;
      this.sleepers.sort((one, other) => one.at - other.at);
      const next = this.sleepers.shift();
      if (!next) throw new Error('Nothing goes on.');
      this.now = next.at;
      next.wake();
    }
  }
}

interface Course {
  /** Of each request. */
  readonly takesMs?: number;
  readonly problem?: (ordinal: number) => string | undefined;
  /** When which metrics are there, in milliseconds since the start of the watch. */
  readonly visible?: (sinceStartMs: number) => readonly string[];
  readonly from?: number;
}

async function run({ takesMs = 1_000, problem = () => undefined, visible = () => DEMAND.metrics, from = 0 }: Course, demand = DEMAND) {
  const time = new FakeTime(from);
  const sentAt: number[] = [];
  const starts = new Set<number>();
  let underWay = 0;
  let most = 0;
  const ports: PresencePorts = {
    now: () => time.now,
    pause: time.sleep,
    send: async (ordinal, timeLeftMs) => {
      sentAt.push(time.now);
      underWay += 1;
      most = Math.max(most, underWay);
      await time.sleep(Math.min(takesMs, timeLeftMs));
      underWay -= 1;
      return takesMs > timeLeftMs ? 'TimeoutError' : problem(ordinal);
    },
    seenSince: async start => {
      starts.add(start);
      return new Set(visible(time.now - start));
    },
  };
  const result = await time.run(checkPresence(ports, demand));
  return { result, sentAt, starts, most, endedAt: time.now };
}

test('opens when all requests are answered and the metrics are seen, and waits no longer', async () => {
  const { result, sentAt, most, endedAt } = await run({ visible: ms => (ms >= 70_000 ? DEMAND.metrics : []) });
  expect(result).toMatchObject({ passed: true, sent: 50, failed: 0, seen: DEMAND.metrics, missing: [], seconds: 75 });
  expect(sentAt).toHaveLength(50);
  expect(most).toBe(5);
  expect(endedAt).toBe(75_000);
});

test.each([0, 1, 59_999])('begins %d ms after a full minute with the next one, and reads nothing older', async offset => {
  const { starts, sentAt } = await run({ from: 7 * MINUTE + offset });
  const start = offset === 0 ? 7 * MINUTE : 8 * MINUTE;
  expect([...starts]).toEqual([start]);
  expect(Math.min(...sentAt)).toBe(start);
});

test('stays shut after five minutes without one of the metrics', async () => {
  const { result, endedAt } = await run({ visible: () => ['Latency', 'Invocations'] });
  expect(result).toMatchObject({ passed: false, seen: ['Latency', 'Invocations'], missing: ['Throttling'], needed: 3 });
  expect(endedAt).toBe(5 * MINUTE);
});

test('takes the last look at the very end', async () => {
  const { result } = await run({ visible: ms => (ms >= 5 * MINUTE ? DEMAND.metrics : []) });
  expect(result.passed).toBe(true);
});

test('adds up what it sees: a metric that one look does not show was there all the same', async () => {
  const { result } = await run({ visible: ms => (ms < 100_000 ? ['Latency', 'Throttling'] : ['Invocations']) });
  expect(result.passed).toBe(true);
});

test.each([[3, true], [4, false]])('with %d of four metrics asked for and three seen: %s', async (needed, passed) => {
  const { result } = await run({}, { ...DEMAND, metrics: [...DEMAND.metrics, 'Chunks'], needed });
  expect(result.passed).toBe(passed);
});

test.each([[5, true], [6, false]])('with %d failed requests: %s', async (failures, passed) => {
  const { result } = await run({ problem: ordinal => (ordinal < failures ? 'HTTP 500' : undefined) });
  expect(result).toMatchObject({ passed, failed: failures, problems: { 'HTTP 500': failures } });
});

test('sends no more to a service that answers nothing', async () => {
  const { result, sentAt } = await run({ problem: () => 'Unhandled', visible: () => [] });
  expect(result.passed).toBe(false);
  expect(sentAt.length).toBeLessThanOrEqual(10);
});

test('stays shut when the service is too slow for all requests', async () => {
  const { result, endedAt } = await run({ takesMs: 40_000 });
  expect(result).toMatchObject({ passed: false, seen: DEMAND.metrics });
  expect(result.sent).toBeLessThan(50);
  expect(endedAt).toBe(5 * MINUTE);
});

test('a look that is throttled is no answer: the next one counts', async () => {
  const time = new FakeTime(0);
  let looks = 0;
  const result = await time.run(checkPresence({
    now: () => time.now,
    pause: time.sleep,
    send: async () => undefined,
    seenSince: async () => {
      looks += 1;
      if (looks < 3) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return new Set(DEMAND.metrics);
    },
  }, DEMAND));
  expect(looks).toBe(3);
  expect(result).toMatchObject({ passed: true });
  expect(result.readProblem).toBeUndefined();
});

test('says why CloudWatch could not be read', async () => {
  const time = new FakeTime(0);
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
  const result = await time.run(checkPresence({
    now: () => time.now, pause: time.sleep, send: async () => undefined, seenSince: async () => { throw denied; },
  }, DEMAND));
  expect(result).toMatchObject({ passed: false, seen: [], readProblem: 'AccessDenied: not authorized' });
});
