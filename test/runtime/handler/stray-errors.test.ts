/** @jest-environment node */
import { AsyncResource } from 'async_hooks';
import { catchStrayErrors, guard, leaveStrayErrors } from '../../../runtime/node/handler/call/guard';
import { newInvocation, withInvocation, type Invocation } from '../../../runtime/node/telemetry/invocation';
import { CapturedOutput } from '../../support/runtime-output';

type Listener = (error: unknown) => void;

const output = CapturedOutput.install();
/** Lambda's client on Node.js 22 listens before the runtime does. */
const lambdasOwn = jest.fn();
const listeners = new Map<string, Listener[]>([['uncaughtException', [lambdasOwn]], ['unhandledRejection', [lambdasOwn]]]);
let exit: jest.SpyInstance;

beforeEach(() => {
  jest.spyOn(process, 'rawListeners').mockImplementation(event => [...listeners.get(String(event))!]);
  jest.spyOn(process, 'removeListener').mockImplementation((event, listener) => {
    listeners.set(String(event), listeners.get(String(event))!.filter(one => one !== listener));
    return process;
  });
  jest.spyOn(process, 'removeAllListeners').mockImplementation(event => {
    listeners.set(String(event), []);
    return process;
  });
  jest.spyOn(process, 'on').mockImplementation(((event: string, listener: Listener) => {
    listeners.get(event)!.push(listener);
    return process;
  }) as never);
  exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  catchStrayErrors();
});

const newRequest = (id = 'lambda-1') => newInvocation('API', {}, { awsRequestId: id });
const work = <T>(invocation: Invocation, run: () => Promise<T>) => withInvocation(invocation, () => guard(invocation, run));
const stray = (error: unknown, event = 'uncaughtException') => listeners.get(event)!.forEach(listener => listener(error));

/** Work that goes on until it is told to end, and a function that runs code as the work would. */
function runningWork(id?: string) {
  let finish!: (value: string) => void;
  let within!: (run: () => void) => void;
  const done = work(newRequest(id), () => new Promise<string>(resolve => {
    finish = resolve;
    within = bound(run => run());
  }));
  return { done, finish, within };
}

/** Code that keeps the asynchronous context it was made in. */
function bound(run: (inner: () => void) => void): (inner: () => void) => void {
  return AsyncResource.bind(run) as (inner: () => void) => void;
}

test('the runtime alone listens to both kinds, from the first time on', () => {
  catchStrayErrors();
  expect([...listeners].map(([event, { length }]) => [event, length])).toEqual([['uncaughtException', 1], ['unhandledRejection', 1]]);
  stray(new Error('boom'));
  expect(lambdasOwn).not.toHaveBeenCalled();
});

test('a start that fails leaves them to who listened before, as Lambda\'s client does to tell Lambda', () => {
  const own = jest.fn();
  listeners.get('unhandledRejection')!.push(own);
  leaveStrayErrors();
  leaveStrayErrors();
  expect([...listeners]).toEqual([['uncaughtException', [lambdasOwn]], ['unhandledRejection', [own, lambdasOwn]]]);
  listeners.set('unhandledRejection', [lambdasOwn]);
});

test.each([
  'uncaughtException', 'unhandledRejection',
])('an %s from a request that has its answer fails the only one that is running', async event => {
  const first = runningWork('first');
  first.finish('answered');
  await first.done;
  const third = runningWork('third');
  first.within(() => stray(new Error('boom'), event));
  await expect(third.done).rejects.toThrow('boom');
});

test('one from no request at all, such as a connection that was opened at the start, fails the only one that is running', async () => {
  const only = runningWork();
  stray(new Error('boom'));
  await expect(only.done).rejects.toThrow('boom');
  expect(exit).not.toHaveBeenCalled();
});

// From here on requests have run side by side in this process.
test.each(['uncaughtException', 'unhandledRejection'])('an %s fails the invocation it comes from, and no other', async event => {
  const [mine, other] = [runningWork('mine'), runningWork('other')];
  mine.within(() => stray(new Error('boom'), event));
  await expect(mine.done).rejects.toThrow('boom');
  other.finish('done');
  await expect(other.done).resolves.toBe('done');
  expect(exit).not.toHaveBeenCalled();
});

test('one from an answered request fails none of several that are running', async () => {
  const first = runningWork('first');
  first.finish('answered');
  await first.done;
  const others = [runningWork('second'), runningWork('third')];
  first.within(() => stray(new Error('boom')));
  others.forEach(({ finish }) => finish('done'));
  await expect(Promise.all(others.map(({ done }) => done))).resolves.toEqual(['done', 'done']);
  expect(output.events('stray_error')).toMatchObject([{ after_answer: true, request_id: 'first' }]);
});

test('one that comes after the answer is logged', async () => {
  const request = runningWork();
  request.finish('answered');
  await request.done;
  request.within(() => stray(new Error('too late')));
  expect(output.events('stray_error')).toMatchObject([{
    level: 'ERROR', after_answer: true, request_id: 'lambda-1', errors: [{ message: 'too late' }],
  }]);
  expect(output.events('stray_error')[0].support_ref).toMatch(/^[a-z]{16}$/);
  expect(exit).not.toHaveBeenCalled();
});

test('one that comes from no invocation ends the process, as without us', () => {
  stray(new Error('the runtime itself'));
  expect(output.events('stray_error')).toMatchObject([{ after_answer: false }]);
  expect(exit).toHaveBeenCalledWith(1);
});

test('one from an answered request fails no other where requests run side by side, and is logged', async () => {
  const first = runningWork('first');
  first.finish('answered');
  await first.done;
  const second = runningWork('second');
  first.within(() => stray(new Error('boom')));
  second.finish('done');
  await expect(second.done).resolves.toBe('done');
  expect(exit).not.toHaveBeenCalled();
});
