import { runInNewContext } from 'vm';
import type { Context } from 'aws-lambda';
import { callHandler, type UserHandler } from '../../../../runtime/node/handler/call/user-handler';

type Callback = (error?: unknown, result?: unknown) => void;

const lambdasOwn = jest.fn();
const context = { awsRequestId: 'lambda-1', succeed: lambdasOwn, fail: lambdasOwn, done: lambdasOwn } as unknown as Context;
type OldContext = Record<'succeed' | 'fail' | 'done', (...args: unknown[]) => void>;
const call = (handler: unknown, takesCallbacks = true) => callHandler(handler as UserHandler, { name: 'you' }, context, takesCallbacks);
const later = (run: () => void) => setTimeout(run, 5);

test('an async handler', async () => {
  await expect(
    call(async (event: { name: string }, given: Context) => `${event.name} ${given.awsRequestId}`),
  ).resolves.toBe('you lambda-1');
  await expect(call(async () => { throw new Error('boom'); })).rejects.toThrow('boom');
});

test('a sync handler', async () => {
  await expect(call(() => 7)).resolves.toBe(7);
  await expect(call(() => undefined)).resolves.toBeUndefined();
  await expect(call(() => { throw new Error('boom'); })).rejects.toThrow('boom');
});

test('a handler that answers through the callback', async () => {
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => {
    later(() => callback(null, 'late'));
  })).resolves.toBe('late');
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => {
    later(() => callback(new Error('boom')));
  })).rejects.toThrow('boom');
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => {
    later(() => callback('a text'));
  })).rejects.toBe('a text');
});

test.each([
  ['a timer', () => later(() => undefined)], ['a request', () => ({ headers: { Authorization: 'Bearer s' } })], ['a flag', () => true],
  ['a text', () => 'returned'],
])('a handler with a callback parameter is waited for, whatever it returns: %s', async (_what, returns) => {
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => {
    later(() => callback(null, 'late'));
    return returns();
  })).resolves.toBe('late');
});

test('a wrapper that takes its arguments as a list is waited for when it returns nothing', async () => {
  const answerLate = (callback: unknown) => void later(() => (callback as Callback)(null, 'late'));
  await expect(call((...args: unknown[]) => answerLate(args[2]))).resolves.toBe('late');
  // eslint-disable-next-line prefer-rest-params -- older wrappers are written so
  await expect(call(function wrapper() { return answerLate(arguments[2]); })).resolves.toBe('late');
  await expect(call((..._args: unknown[]) => 'returned')).resolves.toBe('returned');
});

test('a handler with a callback parameter may answer with a promise', async () => {
  await expect(call(async (_event: unknown, _context: unknown, _callback: Callback) => 'awaited')).resolves.toBe('awaited');
});

test('where Lambda takes no callbacks there is none, and what is returned is the answer', async () => {
  await expect(call((...args: unknown[]) => args.length, false)).resolves.toBe(2);
  await expect(call((_event: unknown, _context: unknown, _callback: Callback) => 'returned', false)).resolves.toBe('returned');
});

test.each<[string, (error: Error) => unknown]>([
  ['returned', error => () => error],
  ['resolved', error => async () => error],
  ['given to the callback as a result', error => (_event: unknown, _context: unknown, callback: Callback) => { callback(null, error); }],
  ['given to succeed', error => (_event: unknown, own: OldContext) => { own.succeed(error); return new Promise(() => undefined); }],
  ['given to done as a result', error => (_event: unknown, own: OldContext) => {
    own.done(null, error);
    return new Promise(() => undefined);
  }],
  ['of another realm', () => () => runInNewContext('Object.assign(new Error("boom"), { config: {} })') as unknown],
])('an error counts as thrown, also when it is %s', async (_how, handler) => {
  await expect(call(handler(Object.assign(new Error('boom'), { config: {} })))).rejects.toMatchObject({ message: 'boom' });
});

test('the first answer counts', async () => {
  await expect(call(async (_event: unknown, _context: unknown, callback: Callback) => {
    callback(null, 'first');
    callback(new Error('second'));
    throw new Error('third');
  })).resolves.toBe('first');
});

test('a promise of another library is awaited', async () => {
  await expect(call(() => ({ then: (resolve: (value: string) => void) => resolve('thenable') }))).resolves.toBe('thenable');
});

test('what is thrown is passed on as it is', async () => {
  await expect(call(async () => { throw null; })).rejects.toBeNull();
  await expect(call(() => { throw 'text'; })).rejects.toBe('text');
});

test.each<[string, (own: OldContext) => void, unknown]>([
  ['succeed', own => own.succeed('late'), 'late'],
  ['done', own => own.done(null, 'late'), 'late'],
])('what a handler gives to the context is its answer, and Lambda\'s own method is not called: %s', async (_how, answer, expected) => {
  await expect(call((_event: unknown, own: OldContext) => new Promise(() => later(() => answer(own))))).resolves.toBe(expected);
  expect(lambdasOwn).not.toHaveBeenCalled();
});

test.each<[string, (own: OldContext) => void, unknown]>([
  ['fail', own => own.fail('boom'), 'boom'],
  ['fail without an error', own => own.fail(), 'handled'],
  ['done', own => own.done('boom'), 'boom'],
])('an error that a handler gives to the context is thrown, and Lambda\'s own method is not called: %s', async (_how, answer, expected) => {
  await expect(call((_event: unknown, own: OldContext) => new Promise(() => later(() => answer(own))))).rejects.toBe(expected);
  expect(lambdasOwn).not.toHaveBeenCalled();
});
