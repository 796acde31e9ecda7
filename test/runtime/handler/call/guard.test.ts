import { guard } from '../../../../runtime/node/handler/call/guard';
import { newInvocation } from '../../../../runtime/node/telemetry/invocation';
import { lambdaContext } from '../../../support/runtime-context';
import { CapturedOutput } from '../../../support/runtime-output';

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
  ['half a second before the end of a long one', 60_000, 59_500],
  ['at once when the time is over already', -50, 0],
])('fails %s', async (_when, remaining, expected) => {
  jest.useFakeTimers();
  try {
    const failed = jest.fn();
    guard(invocation(remaining), never).catch(failed);
    if (expected > 0) await jest.advanceTimersByTimeAsync(expected - 1);
    expect(failed).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    const left = Math.round(remaining - expected);
    expect(failed.mock.calls).toEqual([[expect.objectContaining({
      name: 'TimeoutError', message: expect.stringContaining(' ms left of the function\'s time') as string,
    })]]);
    expect(output.events('timeout_close_by')).toMatchObject([{
      level: 'WARN', remaining_ms: expected > 0 ? left : expect.any(Number) as number,
    }]);
  } finally {
    jest.useRealTimers();
  }
});

test.each([2 ** 31, 1_620_725_955_128])('waits as long as a timer can, when a local emulator says that %d ms are left', async remaining => {
  jest.useFakeTimers();
  try {
    const failed = jest.fn();
    guard(newInvocation('API', {}, { getRemainingTimeInMillis: () => remaining }), never).catch(failed);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(failed).not.toHaveBeenCalled();
  } finally {
    jest.useRealTimers();
  }
});

test('gives Node no longer time than a timer takes, which would fire at once', async () => {
  const timer = jest.spyOn(global, 'setTimeout');
  await guard(newInvocation('API', {}, { getRemainingTimeInMillis: () => 1_620_725_955_128 }), async () => 1);
  expect(timer.mock.calls[0][1]).toBe(2 ** 31 - 1);
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

test('knows no limit where there is none', () => {
  expect(newInvocation('API', {}, undefined).remainingTimeMs()).toBe(Infinity);
  expect(newInvocation('API', {}, { getRemainingTimeInMillis: () => NaN }).remainingTimeMs()).toBe(Infinity);
  expect(newInvocation('API', {}, { getRemainingTimeInMillis: () => 5 }).remainingTimeMs()).toBe(5);
});
