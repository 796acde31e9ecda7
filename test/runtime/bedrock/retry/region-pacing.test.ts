import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { FailureKind } from '../../../../runtime/node/bedrock/retry/failure-kind';
import { RegionPacing, WaitLimits } from '../../../../runtime/node/bedrock/retry/region-pacing';

const NO_WAIT: WaitLimits = { limitMs: 0, signal: undefined };
const failure = (kind: FailureKind) => ({ kind, error: new Error(kind) });

/** Counts the timers that the code under test has started and that pend; the process has others, of jest itself. */
function watchTimers(): () => number {
  const pending = new Set<unknown>();
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((call: () => void, ms: number) => {
    const timer = start(() => {
      pending.delete(timer);
      call();
    }, ms);
    pending.add(timer);
    return timer;
  }) as typeof setTimeout);
  jest.spyOn(globalThis, 'clearTimeout').mockImplementation(timer => {
    pending.delete(timer);
    stop(timer);
  });
  return () => pending.size;
}

afterEach(() => jest.restoreAllMocks());

test.each<FailureKind>(['server', 'timeout', 'connection', 'throttling'])(
  'a Region that fails again and again by %s has its retries stopped, until calls succeed there', async kind => {
    const pacing = new RegionPacing(STANDARD_POLICY);
    const token = await pacing.start(NO_WAIT);
    const allowed = [];
    for (let retry = 0; retry < 120; retry += 1) if (await pacing.again(token, failure(kind), NO_WAIT)) allowed.push(retry);
    expect(allowed.length).toBeGreaterThan(30);
    expect(allowed.length).toBeLessThan(120);
    for (let call = 0; call < 20; call += 1) pacing.succeeded(token);
    expect(await pacing.again(token, failure(kind), NO_WAIT)).toBeDefined();
  });

test('a spent quota is said at once: no call waits for a no', async () => {
  const pacing = new RegionPacing(STANDARD_POLICY);
  const token = await pacing.start(NO_WAIT);
  while (await pacing.again(token, failure('throttling'), NO_WAIT));
  const started = performance.now();
  expect(await pacing.again(token, failure('throttling'), { ...NO_WAIT, limitMs: 5_000 })).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(50);
});

test.each(['soon', '999999999999999999', '-5', '', 'NaN'])('a Retry-After of "%s" leaves the back-off as it is', async retryAfter => {
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  const policy = { ...STANDARD_POLICY, backoff: { baseMs: { ...STANDARD_POLICY.backoff.baseMs, throttling: 100 }, maxHintMs: 10 } };
  const pacing = new RegionPacing(policy);
  const error = { $response: { statusCode: 429, headers: { 'retry-after': retryAfter } } };
  const started = performance.now();
  await pacing.again(await pacing.start(NO_WAIT), { kind: 'throttling', error }, { ...NO_WAIT, limitMs: 1000 });
  expect(performance.now() - started).toBeGreaterThanOrEqual(45);
});

test('a back-off ends with the limit of the call', async () => {
  const policy = { ...STANDARD_POLICY, backoff: { baseMs: { ...STANDARD_POLICY.backoff.baseMs, throttling: 1e9 }, maxHintMs: 1 } };
  const pacing = new RegionPacing(policy);
  const started = performance.now();
  await pacing.again(await pacing.start(NO_WAIT), failure('throttling'), { ...NO_WAIT, limitMs: 60 });
  expect(performance.now() - started).toBeLessThan(150);
});

test('waits that were given up leave no timer and no listener behind', async () => {
  const pacing = new RegionPacing({ ...STANDARD_POLICY, sendRate: { ...STANDARD_POLICY.sendRate, windowMs: 20, minAnswers: 1 } });
  for (let answer = 0; answer < 3; answer += 1) {
    pacing.failed(failure('throttling'));
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  const pendingTimers = watchTimers();
  const aborter = new AbortController();
  const removed = jest.spyOn(aborter.signal, 'removeEventListener');
  const added = jest.spyOn(aborter.signal, 'addEventListener');
  const waits = Array.from({ length: 1_000 }, async () => pacing.start({ limitMs: 60_000, signal: aborter.signal }));
  const settled = Promise.allSettled(waits);
  expect(pendingTimers()).toBeGreaterThan(40);
  aborter.abort();
  expect((await settled).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(900);
  expect(pendingTimers()).toBe(0);
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

test('in the standard mode throttling slows nobody else down', async () => {
  const pacing = new RegionPacing({
    ...STANDARD_POLICY,
    retryMode: 'standard',
    sendRate: { ...STANDARD_POLICY.sendRate, windowMs: 20, minAnswers: 1 },
  });
  for (let answer = 0; answer < 3; answer += 1) {
    pacing.failed(failure('throttling'));
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  const started = performance.now();
  await Promise.all(Array.from({ length: 10 }, async () => pacing.start({ limitMs: 5_000, signal: undefined })));
  expect(performance.now() - started).toBeLessThan(100);
});
