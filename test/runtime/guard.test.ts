import { guard } from '../../runtime/node/src/guard';
import { newInvocation } from '../../runtime/node/src/invocation';
import { lambdaContext } from '../support/runtime-context';
import { CapturedOutput } from '../support/runtime-output';

const output = CapturedOutput.install();
const invocation = (remainingMs?: number) => newInvocation('API', {}, lambdaContext(remainingMs));
const never = () => new Promise<never>(() => undefined);

test('gives what the work gives', async () => {
  await expect(guard(invocation(), async () => 7)).resolves.toBe(7);
  await expect(guard(invocation(5000), async () => { throw new Error('boom'); })).rejects.toThrow('boom');
  await expect(guard(invocation(5000), () => { throw new Error('at once'); })).rejects.toThrow('at once');
});

test.each([
  ['a tenth of a short time before its end', 400, 360],
  ['half a second before the end of a long one', 1500, 1350],
])('fails %s', async (_when, remaining, expected) => {
  const start = Date.now();
  await expect(guard(invocation(remaining), never)).rejects.toMatchObject({ name: 'TimeoutError', message: expect.stringMatching(/^No answer with \d+ ms left/) as string });
  expect(Date.now() - start).toBeGreaterThanOrEqual(expected - 10);
  expect(Date.now() - start).toBeLessThan(remaining);
  expect(output.events('timeout_close_by')).toMatchObject([{ level: 'WARN' }]);
});

test('leaves half a second, and no more, of a long time', async () => {
  jest.useFakeTimers();
  try {
    const context = { getRemainingTimeInMillis: () => 60_000 };
    const failed = jest.fn();
    guard(newInvocation('API', {}, context), never).catch(failed);
    await jest.advanceTimersByTimeAsync(59_499);
    expect(failed).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(failed).toHaveBeenCalledTimes(1);
  } finally {
    jest.useRealTimers();
  }
});

test('leaves no timer behind', async () => {
  jest.useFakeTimers();
  try {
    await guard(newInvocation('API', {}, { getRemainingTimeInMillis: () => 60_000 }), async () => 1);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('fails at once when the time is over already', async () => {
  await expect(guard(invocation(-50), never)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('knows no limit where there is none', () => {
  expect(newInvocation('API', {}, undefined).remainingTimeMs()).toBe(Infinity);
  expect(newInvocation('API', {}, { getRemainingTimeInMillis: () => NaN }).remainingTimeMs()).toBe(Infinity);
  expect(newInvocation('API', {}, { getRemainingTimeInMillis: () => 5 }).remainingTimeMs()).toBe(5);
});
