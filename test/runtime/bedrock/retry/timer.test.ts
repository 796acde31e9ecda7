import { MessageChannel } from 'node:worker_threads';
import { AttemptClock } from '../../../../runtime/node/bedrock/retry/attempt-clock';
import { startTimer, stoodStill } from '../../../../runtime/node/bedrock/retry/timer';
import { CLIENT_POLICY } from '../../../../src/contract/data';

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

/** The process does nothing else for so long, as when Lambda has frozen it. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

// Only what a test itself starts is counted, not the timers of the process.
afterEach(() => jest.useRealTimers());

describe('a timer', () => {
  test.each([2 ** 31, 1_620_725_955_128, Number.MAX_VALUE, Infinity])('of %s ms, which Node cannot count, is a long one', async ms => {
    const expired = jest.fn();
    const stop = startTimer(ms, expired);
    await pause(20);
    expect(expired).not.toHaveBeenCalled();
    stop();
  });

  test('tells how late it was', async () => {
    const late = new Promise<number>(resolve => startTimer(10, resolve));
    standStill(100);
    expect(await late).toBeGreaterThan(80);
  });

  test('lets what has come in be read first', async () => {
    const order: string[] = [];
    const { port1, port2 } = new MessageChannel();
    port2.on('message', () => order.push('read'));
    await new Promise<void>(resolve => {
      startTimer(10, () => {
        order.push('expired');
        resolve();
      });
      port1.postMessage('an answer');
      standStill(50);
    });
    port2.close();
    expect(order).toEqual(['read', 'expired']);
  });

  test('that is stopped leaves nothing behind, even between its end and its call', () => {
    jest.useFakeTimers();
    const expired = jest.fn();
    startTimer(10, expired)();
    expect(jest.getTimerCount()).toBe(0);
    const stop = startTimer(10, expired);
    setTimeout(stop, 10);
    expect(jest.getTimerCount()).toBe(2);
    jest.advanceTimersByTime(10);
    expect(jest.getTimerCount()).toBe(0);
    expect(expired).not.toHaveBeenCalled();
  });
});

describe('the clock of an attempt', () => {
  const limits = { connectMs: 50, readMs: 50, deadline: Infinity };

  test('blames nobody for the time in which the process stood still, and begins anew', async () => {
    const expired = jest.fn();
    new AttemptClock(limits, expired).reading();
    standStill(CLIENT_POLICY.standstillMs + 100);
    await pause(30);
    expect(expired).not.toHaveBeenCalled();
    await pause(60);
    expect(expired).toHaveBeenCalledWith(expect.objectContaining({ phase: 'read' }));
  });

  test('holds the deadline of the function all the same', async () => {
    const expired = jest.fn();
    new AttemptClock({ ...limits, readMs: 60_000, deadline: performance.now() + 20 }, expired).reading();
    standStill(CLIENT_POLICY.standstillMs + 100);
    await pause(20);
    expect(expired).toHaveBeenCalledWith(expect.objectContaining({ phase: 'deadline' }));
  });

  test('that has ended measures nothing any more, whoever still reports to it', () => {
    jest.useFakeTimers();
    const expired = jest.fn();
    const clock = new AttemptClock(limits, expired);
    clock.reading();
    clock.end();
    clock.connecting();
    clock.connected();
    clock.touch();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(80);
    expect(expired).not.toHaveBeenCalled();
  });
});

test('a process that is late by less than the contract says did not stand still', () => {
  expect([0, CLIENT_POLICY.standstillMs - 1, CLIENT_POLICY.standstillMs, 120_000].map(stoodStill)).toEqual([false, false, true, true]);
});
