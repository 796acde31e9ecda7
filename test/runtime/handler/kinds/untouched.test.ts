import type { Context } from 'aws-lambda';
import { EnvelopeError, success } from '../../../../runtime/node/envelope/envelope';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
import { standardHandler, wrapHandler } from '../../../../runtime/node/handler/standard-handler';
import { LOGGING } from '../../../../src/contract/data';
import { lambdaContext } from '../../../support/runtime-context';
import { HTTP_EVENTS, httpEvent, OTHER_EVENTS } from '../../../support/runtime-events';
import { CapturedOutput } from '../../../support/runtime-output';
import { FakeResponseStream } from '../support/stream-call';

const output = CapturedOutput.install();

type Mode = 'LOG_ONLY' | 'OFF';
type Kind = 'AUTO' | 'API' | 'EVENT';
const MODES = ['LOG_ONLY', 'OFF'] as const;

interface Call {
  readonly kind?: Kind;
  readonly event?: unknown;
  readonly context?: Context;
}

const call = (handler: unknown, envelope: Mode, { kind = 'AUTO', event = httpEvent(), context = lambdaContext() }: Call = {}) =>
  (wrapHandler(handler as UserHandler, kind, envelope) as (...args: unknown[]) => Promise<unknown>)(event, context);
const changes = () => output.events('envelope_would_change');
const errorCodes = () => new Set(output.metrics.filter(({ name }) => name === 'ErrorCount').map(({ dimensions }) => dimensions.error_code));
const requestTypes = () => new Set(
  output.metrics.filter(({ name }) => name === 'EndToEndMs').flatMap(({ dimensions }) => dimensions.request_type ?? []));

const refuse = (): never => { throw new Error('secret'); };
const circular: { self?: object } = {};
circular.self = circular;

describe.each(MODES)('with %s', envelope => {
  test.each<[string, unknown]>([
    ['an error', new Error('/var/task/index.js')],
    ['nothing', undefined],
    ['what refers to itself', circular],
    ['a bigint', { id: 1n }],
    ['what throws while it is looked at', new Proxy({}, { has: refuse, get: refuse })],
    ['a leak', { statusCode: 500, headers: { 'X-Debug': '/var/task' }, body: 'arn:aws:iam::123456789012:role/chat' }],
    ['more than leaves', { statusCode: 200, body: 'x'.repeat(7_000_000) }],
    ['a body of a Buffer', { statusCode: 200, body: Buffer.from('x') }],
  ])('a result is the handler\'s own: %s', async (_what, returned) => {
    // A thenable is awaited, and a Proxy that throws looks like one.
    const answer = await call(() => [returned], envelope) as unknown[];
    expect(Object.is(answer[0], returned)).toBe(true);
    if (!(_what.includes('throws'))) expect(Object.is(await call(async () => returned, envelope), returned)).toBe(true);
  });

  test.each([...Object.keys(HTTP_EVENTS)])('an error is thrown on, and logged: %s', async name => {
    const thrown = Object.assign(new Error('password=hunter2'), { name: 'ThrottlingException' });
    await expect(call(async () => { throw thrown; }, envelope, { event: HTTP_EVENTS[name] })).rejects.toBe(thrown);
    const support_ref = expect.stringMatching(/^[a-z]{16}$/) as string;
    expect(output.events('handler_error')).toMatchObject([{ error_code: 'THROTTLE', support_ref }]);
    expect(output.text).not.toContain('hunter2');
    expect(errorCodes()).toContain('THROTTLE');
    expect(requestTypes()).toEqual(new Set(['API']));
    expect(changes()).toMatchObject(envelope === 'OFF' ? [] : [{ reason: 'thrown', status_after: 429, error_code: 'THROTTLE' }]);
    expect(changes().filter(line => 'status_before' in line)).toEqual([]);
  });

  test.each(Object.keys(OTHER_EVENTS))('an event of kind API is not refused: %s', async name => {
    const result = { batchItemFailures: [] };
    expect(await call(() => result, envelope, { kind: 'API', event: OTHER_EVENTS[name] })).toBe(result);
    expect(requestTypes()).toEqual(new Set(['EVENT']));
    expect(changes().map(({ reason }) => reason)).toEqual(envelope === 'OFF' ? [] : ['not_http']);
    expect(changes().filter(line => 'status_after' in line)).toEqual([]);
  });

  test.each(['AUTO', 'EVENT'] as const)('an event that is none of HTTP would stay as it is: %s', async kind => {
    const result = { statusCode: 400 };
    expect(await call(() => result, envelope, { kind, event: OTHER_EVENTS.SQS })).toBe(result);
    expect(changes()).toEqual([]);
    await expect(call(() => { throw new Error('x'); }, envelope, { kind, event: OTHER_EVENTS.SQS })).rejects.toThrow('x');
    expect(changes()).toEqual([]);
    await call(() => new Error('x'), envelope, { kind, event: OTHER_EVENTS.SQS });
    expect(changes().map(({ reason }) => reason)).toEqual(envelope === 'OFF' ? [] : ['error_result']);
  });

  test.each<[number, string[]]>([
    [200, []], [404, ['NOT_FOUND']], [422, ['INVALID_REQUEST']], [500, ['INTERNAL_ERROR']], [503, ['INTERNAL_ERROR']],
  ])(
    'an answer of status %i counts as it will with the envelope',
    async (statusCode, expected) => {
      await call(() => ({ statusCode, body: '{}' }), envelope);
      expect([...errorCodes()].filter(Boolean)).toEqual(expected);
    },
  );

  test('Lambda\'s own time limit counts, and the log tells that it is close', async () => {
    jest.useFakeTimers();
    try {
      const slow = call(() => new Promise(resolve => setTimeout(() => resolve('late'), 950)), envelope, { context: lambdaContext(1000) });
      await jest.advanceTimersByTimeAsync(1000);
      await expect(slow).resolves.toBe('late');
      expect(output.events('timeout_close_by')).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test('a handler under the standard already is just called', async () => {
    const inner = standardHandler(() => ({ statusCode: 404 }), { kind: 'API', envelope });
    const outer = standardHandler(inner, { kind: 'API', envelope: 'ON' });
    const { body } = await outer(httpEvent(), lambdaContext()) as { body: string };
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(changes()).toEqual([]);
  });
});

describe('the status before', () => {
  test.each([
    ['HTTP API 2.0', 200], ['function URL', 200], ['REST API', undefined], ['HTTP API 1.0', undefined], ['load balancer', undefined],
    ['WebSocket API', undefined],
  ])('of a result that names none is the gateway\'s: %s', async (name, status) => {
    await call(() => ({ answer: 42 }), 'LOG_ONLY', { event: HTTP_EVENTS[name] });
    expect(changes()).toMatchObject([{ reason: 'wrapped', status_after: 200 }]);
    expect(changes()[0].status_before).toBe(status);
  });
});

test('a result that leaves as it would is counted with 0, and has no line', async () => {
  await call(() => ({ statusCode: 200, body: JSON.stringify(success(1)) }), 'LOG_ONLY');
  expect(changes()).toEqual([]);
  const counted = output.metrics.filter(({ name }) => name === 'ChangeCount');
  expect(counted.map(({ dimensions }) => Object.keys(dimensions).sort())).toEqual([
    ['environment', 'reason', 'service_name'], ['environment', 'service_name'], ['environment'],
  ]);
  expect(counted.every(({ values }) => values.join() === '0')).toBe(true);
});

test('a line holds nothing of the answer, whatever that is', async () => {
  const secret = 'arn:aws:iam::123456789012:role/chat';
  for (const statusCode of [200, 302, 404, 500]) {
    const asJson = JSON.stringify({ message: secret, stack: `Error: x\n    at handler (${secret})` });
    for (const body of [secret, asJson, { error: new Error(secret) }]) {
      await call(() => ({ statusCode, headers: { 'X-Debug': secret }, body }), 'LOG_ONLY');
    }
  }
  expect(changes().length).toBeGreaterThanOrEqual(9);
  expect(output.text).not.toContain('role/chat');
  const known = new Set(Object.keys(LOGGING.envelopeWouldChange.fields));
  const common = ['level', 'message', 'timestamp', 'service_name', 'environment', 'request_id', 'function_request_id', 'event'];
  expect(changes().flatMap(Object.keys).filter(name => !known.has(name) && !common.includes(name))).toEqual([]);
});

describe.each(MODES)('a stream with %s', envelope => {
  const run = async (handler: unknown, event: unknown = httpEvent(), target = new FakeResponseStream()) => {
    const wrapped = standardHandler(handler as never, { kind: 'STREAM', envelope }) as (...args: unknown[]) => Promise<unknown>;
    await wrapped(event, target, lambdaContext());
    return target;
  };

  test('is Lambda\'s own, and gets no frame', async () => {
    const target = new FakeResponseStream();
    await run((_event: unknown, stream: FakeResponseStream) => {
      expect(stream).toBe(target);
      stream.write('to');
      stream.end('ken');
      return { id: 7 };
    }, httpEvent(), target);
    expect(target.text).toBe('token');
    expect(changes()).toMatchObject(envelope === 'OFF' ? [] : [{ reason: 'last_frame', status_before: 200, status_after: 200 }]);
    expect(requestTypes()).toEqual(new Set(['STREAM']));
  });

  test('ends with its error as without us, which is logged', async () => {
    const thrown = new EnvelopeError('NOT_FOUND', 'No such order.');
    const target = new FakeResponseStream();
    await expect(run(() => { throw thrown; }, httpEvent(), target)).rejects.toBe(thrown);
    expect(target.text).toBe('');
    expect(output.events('handler_error')).toHaveLength(1);
    expect(changes()).toMatchObject(envelope === 'OFF' ? [] : [{ reason: 'thrown', status_after: 404, error_code: 'NOT_FOUND' }]);
  });

  test.each([
    [404, 'page', { status_before: 404, status_after: 404, error_code: 'NOT_FOUND' }],
    [503, 'page', { status_before: 503, status_after: 500, error_code: 'INTERNAL_ERROR' }],
  ])('keeps its status and what is written: %i', async (statusCode, text, change) => {
    const target = await run((_event: unknown, stream: FakeResponseStream) => {
      stream._onBeforeFirstWrite = write => { write(JSON.stringify({ statusCode })); };
      stream.write(text);
      stream.end();
    });
    expect(target.text).toBe(`${JSON.stringify({ statusCode })}${text}`);
    expect(changes()).toMatchObject(envelope === 'OFF' ? [] : [{ reason: 'last_frame', ...change }]);
    expect(errorCodes()).toContain(change.error_code);
  });

  test('without a body would stay as it is', async () => {
    await run((_event: unknown, stream: FakeResponseStream) => {
      stream._onBeforeFirstWrite = write => { write(JSON.stringify({ statusCode: 204 })); };
      stream.end('');
    });
    expect(changes()).toEqual([]);
  });
});
