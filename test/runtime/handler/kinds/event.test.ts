import type { Context } from 'aws-lambda';
import { EnvelopeError } from '../../../../runtime/node/envelope/envelope';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
import { eventHandler } from '../../../../runtime/node/handler/kinds/event';
import { lambdaContext } from '../../../support/runtime-context';
import { CapturedOutput } from '../../../support/runtime-output';

const output = CapturedOutput.install();
const handle = (
  handler: unknown, event: unknown = {}, context: Context = lambdaContext(),
) => eventHandler(handler as UserHandler)(event, context);
const errorsCounted = () => output.metrics.filter(({ name }) => name === 'ErrorCount')
  .map(({ dimensions }) => dimensions.error_code).filter(Boolean);

test.each(['SQS', 'Kinesis', 'DynamoDB'])('batch-item failures of %s leave as they are', async () => {
  const result = { batchItemFailures: [{ itemIdentifier: '1' }] };
  await expect(handle(async () => result)).resolves.toBe(result);
});

test('no result stays no result', async () => expect(await handle(async () => undefined)).toBeUndefined());

test('what is thrown is thrown on, itself', async () => {
  const thrown = new Error('boom');
  await expect(handle(async () => { throw thrown; })).rejects.toBe(thrown);
  await expect(handle(async () => { throw 'text'; })).rejects.toBe('text');
});

test('an error is logged and counted by its code', async () => {
  await handle(() => { throw new EnvelopeError('TIMEOUT'); }).catch(() => undefined);
  expect(output.events('handler_error')).toMatchObject([{ error_code: 'TIMEOUT', request_id: 'lambda-1' }]);
  expect(errorsCounted()).toEqual(['TIMEOUT', 'TIMEOUT']);
});

test('a success is timed and no error', async () => {
  await handle(() => 1);
  expect(output.metrics[0]).toMatchObject({ name: 'EndToEndMs', dimensions: { request_type: 'EVENT' } });
  expect(errorsCounted()).toEqual([]);
});

test('work that does not end fails before Lambda ends it', async () => {
  await expect(handle(() => new Promise(() => undefined), {}, lambdaContext(200))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(errorsCounted()).toEqual(['TIMEOUT', 'TIMEOUT']);
});

test('an inner wrapping is no second one', async () => {
  const inner = eventHandler((() => { throw new Error('boom'); }) as UserHandler);
  await handle((event: unknown, context: Context) => inner(event, context)).catch(() => undefined);
  expect(output.events('handler_error')).toHaveLength(1);
});
