/** @jest-environment node */
import { AsyncResource } from 'async_hooks';
import type { Context } from 'aws-lambda';
import { currentInvocation, newInvocation, withInvocation } from '../../../runtime/node/telemetry/invocation';
import { logger } from '../../../runtime/node/telemetry/log';
import { logRecords } from '../../support/runtime-log';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const invocation = (id: string) => newInvocation('API', {}, { awsRequestId: id });
const currentId = () => currentInvocation()?.requestId;

test('an invocation is that of the code at work, while it runs and after', async () => {
  let afterwards!: () => string | undefined;
  await withInvocation(invocation('one'), async () => {
    expect(currentId()).toBe('one');
    await Promise.resolve();
    expect(currentId()).toBe('one');
    afterwards = AsyncResource.bind(currentId);
  });
  expect(currentId()).toBeUndefined();
  expect(afterwards()).toBe('one');
});

test.each<[string, unknown]>([
  ['throws', () => { throw new Error('boom'); }], ['says NaN', () => NaN], ['gives a text', () => '5'],
  ['is none', 7], ['is missing', undefined],
])('a context whose clock %s sets no limit', (_what, getRemainingTimeInMillis) => {
  const context = { awsRequestId: 'one', getRemainingTimeInMillis } as unknown as Context;
  expect(newInvocation('API', {}, context).remainingTimeMs()).toBe(Infinity);
});

test.each<[string, () => unknown]>([
  ['throws', () => { throw new Error('boom'); }], ['rejects', async () => { throw new Error('boom'); }], ['returns', () => 1],
])(
  'one whose work %s is over', async (_how, work) => {
    await new Promise(resolve => resolve(withInvocation(invocation('one'), work))).catch(() => undefined);
    expect(currentId()).toBeUndefined();
  });

test('a callback of a connection that an earlier request opened works for the only request that is running, in the log too', async () => {
  let callback!: () => void;
  await withInvocation(invocation('first'), async () => { callback = AsyncResource.bind(() => logger.info('called')); });
  await withInvocation(invocation('third'), async () => callback());
  callback();
  expect(logRecords(output.text).map(({ request_id }) => request_id)).toEqual(['third', 'first']);
});

test('a request that is made within another one changes nothing', async () => {
  let callback!: () => string | undefined;
  await withInvocation(invocation('first'), async () => { callback = AsyncResource.bind(currentId); });
  await withInvocation(invocation('outer'), async () => withInvocation(invocation('inner'), async () => expect(currentId()).toBe('inner')));
  await withInvocation(invocation('second'), async () => expect(callback()).toBe('second'));
});

describe('where requests run side by side', () => {
  test('invocations that run side by side are not mixed up', async () => {
    const run = (id: string, ms: number) => withInvocation(invocation(id), async () => {
      await new Promise(resolve => setTimeout(resolve, ms));
      return currentId();
    });
    expect(await Promise.all([run('slow', 20), run('fast', 5)])).toEqual(['slow', 'fast']);
  });

  test('what outlives a request stays its own, also while a single other one is running', async () => {
    let rest!: () => string | undefined;
    await withInvocation(invocation('first'), async () => { rest = AsyncResource.bind(currentId); });
    await withInvocation(invocation('second'), async () => expect(rest()).toBe('first'));
  });
});
