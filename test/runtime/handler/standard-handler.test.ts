import type { Context } from 'aws-lambda';
import type { ResponseStream } from '../../../runtime/node/handler/kinds/streaming';
import { standardHandler } from '../../../runtime/node/handler/standard-handler';
import { forgetSettings } from '../../../runtime/node/telemetry/settings';
import { lambdaContext } from '../../support/runtime-context';
import { HTTP_EVENTS, httpEvent, OTHER_EVENTS } from '../../support/runtime-events';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();
const requestTypes = () => output.metrics.flatMap(({ dimensions }) => dimensions.request_type ?? []);
const environment = process.env;
afterEach(() => {
  process.env = environment;
  forgetSettings();
});

const double = async ({ value }: { value: number }, _context: Context) => value * 2;

const fail = async (_event: object, _context: Context) => { throw new Error('boom'); };

describe('answers an event as its source expects it, unless told otherwise', () => {
  test.each(Object.entries(HTTP_EVENTS))('%s: with an envelope, errors too', async (_source, event) => {
    await expect(standardHandler(async () => 42)(event, lambdaContext())).resolves.toMatchObject({
      statusCode: 200, body: expect.stringContaining('"data":42') as string,
    });
    await expect(standardHandler(fail)(event, lambdaContext())).resolves.toMatchObject({
      statusCode: 500, body: expect.stringContaining('INTERNAL_ERROR') as string,
    });
    expect(requestTypes()).toEqual(['API', 'API']);
  });

  test.each(Object.entries(OTHER_EVENTS))('%s: with the result as it is, and with an error that is thrown', async (_source, event) => {
    await expect(standardHandler(async () => 42)(event, lambdaContext())).resolves.toBe(42);
    await expect(standardHandler(fail)(event as object, lambdaContext())).rejects.toThrow('boom');
    expect(requestTypes()).toEqual(['EVENT', 'EVENT']);
  });
});

test.each(Object.entries(OTHER_EVENTS))('of kind API fails at an event that is not HTTP, with a log line: %s', async (_source, event) => {
  const handler = jest.fn();
  await expect(
    standardHandler(handler, { kind: 'API' })(event, lambdaContext()),
  ).rejects.toThrow(/HandlerKind.AUTO for both, or HandlerKind.EVENT/);
  expect(handler).not.toHaveBeenCalled();
  expect(output.events('handler_error')).toMatchObject([{ errors: [{ name: 'NotHttpEvent' }] }]);
  expect(requestTypes()).toEqual(['EVENT']);
});

test.each(
  ['AUTO', 'API', 'EVENT'] as const,
)('changes nothing within another one, also of kind %s, however the context is handed on', async kind => {
  const inner = standardHandler(async () => 42, { kind });
  const same = (context: Context) => context;
  const copied = (context: Context) => ({ ...context });
  const inherited = (context: Context) => Object.create(context) as Context;
  for (const hand of [same, copied, inherited]) {
    const outer = standardHandler((event: unknown, context: Context) => inner(event, hand(context)), { kind: 'EVENT' });
    await expect(outer({}, lambdaContext())).resolves.toBe(42);
  }
});

test('is put around a call from within another request, whose context is not its own', async () => {
  const inner = standardHandler(async () => 42, { kind: 'API' });
  const outer = standardHandler(() => inner(httpEvent(), lambdaContext()), { kind: 'EVENT' });
  await expect(outer({}, lambdaContext())).resolves.toMatchObject({ statusCode: 200 });
});

test('takes the kind it is given', async () => {
  await expect(standardHandler(double, { kind: 'EVENT' })({ value: 21 }, lambdaContext())).resolves.toBe(42);
  await expect(standardHandler(double, { kind: 'API' })({
    ...httpEvent(), value: 21,
  }, lambdaContext())).resolves.toMatchObject({ statusCode: 200 });
});

test('takes the kind of the function it runs in', async () => {
  process.env = { ...environment, PLUMBLINE_KIND: 'EVENT' };
  forgetSettings();
  await expect(standardHandler(double)({ value: 21 }, lambdaContext())).resolves.toBe(42);
});

test('streams', async () => {
  const written: string[] = [];
  const stream = { write: (chunk: string) => written.push(chunk), end: () => undefined } as unknown as ResponseStream;
  await standardHandler(
    async (_event: unknown, response: ResponseStream, _context: Context) => { response.write('token'); }, { kind: 'STREAM' },
  )({}, stream, lambdaContext());
  expect(written[0]).toBe('token');
  expect(written[1]).toMatch(/^\n\nevent: stream_end/);
});
