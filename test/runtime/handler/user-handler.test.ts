import type { Context } from 'aws-lambda';
import { callHandler, type UserHandler } from '../../../runtime/node/handler/user-handler';

type Callback = (error?: unknown, result?: unknown) => void;

const context = { awsRequestId: 'lambda-1' } as Context;
const call = (handler: unknown) => callHandler(handler as UserHandler, { name: 'you' }, context);
const later = (run: () => void) => setTimeout(run, 5);

test('an async handler', async () => {
  await expect(call(async (event: { name: string }, given: Context) => `${event.name} ${given.awsRequestId}`)).resolves.toBe('you lambda-1');
  await expect(call(async () => { throw new Error('boom'); })).rejects.toThrow('boom');
});

test('a sync handler', async () => {
  await expect(call(() => 7)).resolves.toBe(7);
  await expect(call(() => undefined)).resolves.toBeUndefined();
  await expect(call(() => { throw new Error('boom'); })).rejects.toThrow('boom');
});

test('a handler that answers through the callback', async () => {
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => { later(() => callback(null, 'late')); })).resolves.toBe('late');
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => { later(() => callback(new Error('boom'))); })).rejects.toThrow('boom');
  await expect(call((_event: unknown, _context: unknown, callback: Callback) => { later(() => callback('a text')); })).rejects.toBe('a text');
});

test('a handler with a callback parameter may answer otherwise', async () => {
  await expect(call((_event: unknown, _context: unknown, _callback: Callback) => 'returned')).resolves.toBe('returned');
  await expect(call(async (_event: unknown, _context: unknown, _callback: Callback) => 'awaited')).resolves.toBe('awaited');
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
