import { readFileSync } from 'fs';
import { join } from 'path';
import type { Context } from 'aws-lambda';
import { EnvelopeError, partial, type Envelope } from '../../../../runtime/node/envelope/envelope';
import type { UserHandler } from '../../../../runtime/node/handler/call/user-handler';
import { apiHandler } from '../../../../runtime/node/handler/kinds/api';
import { untouchedHandler } from '../../../../runtime/node/handler/kinds/untouched';
import { forgetSettings } from '../../../../runtime/node/telemetry/settings';
import { ERROR_CODES } from '../../../../src/contract/data';
import { lambdaContext } from '../../../support/runtime-context';
import { httpEvent } from '../../../support/runtime-events';
import { logRecords } from '../../../support/runtime-log';
import { CapturedOutput } from '../../../support/runtime-output';
import { answer, answerTo, envelopeOf, EVENT, textOf, type Proxy } from '../support/api-call';

const output = CapturedOutput.install();

interface ApiAnswerCase {
  readonly name: string;
  readonly returned: unknown;
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly noHeaders?: readonly string[];
  readonly multiValueHeaders?: Record<string, readonly unknown[]>;
  readonly cookies?: readonly string[];
  readonly body?: Envelope;
  readonly text?: string;
  readonly isBase64Encoded?: true;
  readonly change?: object;
}

describe('the contract\'s cases', () => {
  const vectors = JSON.parse(readFileSync(join(__dirname, '../../../../contract/vectors/api-answers.json'), 'utf8')) as {
    requestId: string;
    cases: ApiAnswerCase[];
  };

  test.each(vectors.cases.map(example => [example.name, example] as const))(
    '%s',
    async (_name, { returned, statusCode, headers, noHeaders, multiValueHeaders, cookies, body, text, isBase64Encoded }) => {
      const result = await answerTo(returned, { requestContext: { requestId: vectors.requestId } });
      expect(result.statusCode).toBe(statusCode);
      const lowerCase = Object.fromEntries(Object.entries(result.headers).map(([name, value]) => [name.toLowerCase(), value]));
      expect(lowerCase).toMatchObject(headers ?? {});
      const names = [...Object.keys(lowerCase), ...Object.keys(result.multiValueHeaders ?? {}).map(name => name.toLowerCase())];
      expect(names.filter(name => noHeaders?.includes(name))).toEqual([]);
      expect({ multiValueHeaders, cookies }).toEqual({ multiValueHeaders: result.multiValueHeaders, cookies: result.cookies });
      if (isBase64Encoded) {
        expect(result).toMatchObject({ isBase64Encoded, body: text });
      } else if (text !== undefined) {
        expect(textOf(result)).toBe(text);
      } else {
        const envelope = envelopeOf(result);
        expect(typeof envelope.error?.support_ref).toBe(envelope.error ? 'string' : 'undefined');
        expect(withoutRefs(envelope)).toEqual(body);
      }
    },
  );

  const event = httpEvent({ requestContext: { requestId: vectors.requestId } });

  test.each(vectors.cases.map(example => [example.name, example] as const))(
    '%s: leaves as it is with LOG_ONLY, and the log says what would change',
    async (_name, { returned, change }) => {
      const before = JSON.stringify(returned);
      const handler = untouchedHandler(() => returned, 'API', 'LOG_ONLY');
      expect(await handler(event, lambdaContext())).toBe(returned);
      expect(JSON.stringify(returned)).toBe(before);
      const reserved = ['level', 'message', 'timestamp', 'service_name', 'environment', 'request_id', 'function_request_id', 'event'];
      const lines = logRecords(output.text).filter(({ _aws }) => _aws === undefined)
        .map(line => Object.fromEntries(Object.entries(line).filter(([name]) => name === 'event' || !reserved.includes(name))));
      expect(lines).toEqual(change ? [{ event: 'envelope_would_change', ...change }] : []);
      const counted = output.metrics.filter(({ name }) => name === 'ChangeCount');
      expect(new Set(counted.flatMap(({ values }) => values))).toEqual(new Set([change ? 1 : 0]));
    },
  );

  test('all leave as they are with OFF, and nothing is logged', async () => {
    for (const { returned } of vectors.cases) {
      expect(await untouchedHandler(() => returned, 'API', 'OFF')(event, lambdaContext())).toBe(returned);
    }
    expect(logRecords(output.text).filter(({ _aws }) => _aws === undefined)).toEqual([]);
  });
});

function withoutRefs(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'support_ref' ? undefined : member)));
}

describe('the status of an answer', () => {
  test.each(Object.entries(ERROR_CODES.codes))('%s has the status of the contract', async (code, { httpStatus, retryable, message }) => {
    const result = await answer(() => { throw new EnvelopeError(code as EnvelopeError['code']); });
    expect(result.statusCode).toBe(httpStatus);
    expect(envelopeOf(result).error).toMatchObject({ code, retryable, message });
  });

  test('partial is a success to HTTP', async () => {
    const result = await answer(() => partial({ half: true }, 'RETRIEVAL_FAILED'));
    expect(result.statusCode).toBe(200);
    expect(envelopeOf(result)).toMatchObject({ status: 'partial', data: { half: true } });
  });

  test('a client is told when to come back', async () => {
    expect((await answer(() => { throw new EnvelopeError('MODEL_UNAVAILABLE'); })).headers['retry-after']).toBe('30');
    expect((await answer(() => { throw new EnvelopeError('THROTTLE'); })).headers).not.toHaveProperty('retry-after');
    const own = { statusCode: 503, headers: { 'Retry-After': '5' }, body: JSON.stringify(partial(null, 'MODEL_UNAVAILABLE')) };
    expect((await answerTo(own)).headers).toEqual({ 'Retry-After': '5', 'content-type': 'application/json' });
  });
});

describe('the request id', () => {
  test.each([
    ['that of the gateway', EVENT, 'req-1'],
    ['that of Lambda when there is no gateway', {}, 'lambda-1'],
    ['that of Lambda when the gateway\'s is empty', { requestContext: { requestId: '' } }, 'lambda-1'],
    ['that of Lambda when the gateway\'s is no text', { requestContext: { requestId: 7 } }, 'lambda-1'],
    ['that of Lambda when there is no event', null, 'lambda-1'],
  ])('is %s', async (_what, event, expected) => expect(envelopeOf(await answerTo(1, event)).request_id).toBe(expected));

  test('is never empty', async () => expect(envelopeOf(await answer(() => 1, {}, {} as Context)).request_id).toBe('unknown'));
});

describe('a result that cannot leave', () => {
  const circular: { self?: object } = {};
  circular.self = circular;

  test.each<[string, unknown]>([
    ['refers to itself', circular],
    ['holds a bigint', { id: 1n }],
    ['is a function', () => 1],
    ['is a symbol', Symbol('x')],
    ['throws while it is written', { toJSON: () => { throw new Error('secret'); } }],
    ['throws while it is looked at', new Proxy({}, { has: () => { throw new Error('secret'); } })],
  ])('is an internal error: it %s', async (_what, returned) => {
    const result = await answerTo(returned);
    expect(result.statusCode).toBe(500);
    expect(envelopeOf(result)).toMatchObject({ status: 'error', error: { code: 'INTERNAL_ERROR' } });
    expect(result.body).not.toContain('secret');
    expect(output.events('handler_error')).toHaveLength(1);
  });

  const LIMIT = 6_291_556;
  const sizeOf = (result: Proxy) => Buffer.byteLength(JSON.stringify(result));

  test.each([
    ['x', 1],
    ['"', 4],
    ['模', 3],
    ['\n', 3],
    ['\\', 4],
  ])('is measured as Lambda measures it, at its last byte: %j', async (character, bytes) => {
    const empty = sizeOf(await answerTo(''));
    const most = Math.floor((LIMIT - empty) / bytes);
    const largest = await answerTo(character.repeat(most));
    expect(largest.statusCode).toBe(200);
    expect(sizeOf(largest)).toBeGreaterThan(LIMIT - 2 * bytes);
    expect(sizeOf(largest)).toBeLessThanOrEqual(LIMIT);
    const tooLarge = await answerTo(character.repeat(most + 1));
    expect(tooLarge.statusCode).toBe(413);
    expect(envelopeOf(tooLarge).error!.code).toBe('PAYLOAD_TOO_LARGE');
  });

  test('is measured with its headers', async () => {
    const result = await answerTo({ statusCode: 200, headers: { 'x-large': 'x'.repeat(60_000) }, body: 'x'.repeat(LIMIT - 60_000) });
    expect(result.statusCode).toBe(413);
  });
});

describe('cross-origin callers', () => {
  const environment = process.env;
  afterEach(() => {
    process.env = environment;
    forgetSettings();
  });
  const allow = (origins: string) => {
    process.env = { ...environment, PLUMBLINE_ALLOW_ORIGIN: origins };
    forgetSettings();
  };
  const from = (origin: string, name = 'origin') => ({ headers: { [name]: origin } });

  test('get no header unless the function has origins', async () => {
    expect((await answerTo(1, from('https://a.example'))).headers).toEqual({ 'content-type': 'application/json' });
  });

  test('may read every answer, errors too', async () => {
    allow('*');
    expect((await answerTo(1)).headers['access-control-allow-origin']).toBe('*');
    expect((await answer(() => { throw new Error('x'); })).headers['access-control-allow-origin']).toBe('*');
  });

  test('of the list may read, others may not, and caches are told', async () => {
    allow('https://a.example,https://b.example');
    expect((await answerTo(1, from('https://b.example'))).headers).toMatchObject({
      'access-control-allow-origin': 'https://b.example',
      'vary': 'Origin',
    });
    expect((await answerTo(1, from('https://b.example', 'Origin'))).headers['access-control-allow-origin']).toBe('https://b.example');
    const other = (await answerTo(1, from('https://evil.example'))).headers;
    expect(other).not.toHaveProperty('access-control-allow-origin');
    expect(other.vary).toBe('Origin');
    for (const event of [null, {}, { headers: null }, { headers: { origin: 7 } }]) {
      expect((await answerTo(1, event)).headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('find what the handler says itself', async () => {
    allow('*');
    const own = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://own.example' }, body: '1' };
    expect((await answerTo(own)).headers).toEqual({
      'Access-Control-Allow-Origin': 'https://own.example',
      'content-type': 'application/json',
    });
    allow('https://a.example');
    expect((await answerTo({ statusCode: 200, headers: { Vary: 'Accept' }, body: '1' }, from('https://a.example'))).headers).toMatchObject({
      'Vary': 'Accept, Origin',
      'access-control-allow-origin': 'https://a.example',
    });
  });
});

describe('metrics', () => {
  const counted = () => output.metrics.filter(({ dimensions }) => dimensions.service_name && Object.keys(dimensions).length > 2)
    .map(({ name, dimensions }) => `${name} ${dimensions.request_type ?? dimensions.error_code}`);

  test('a success is timed', async () => {
    await answer(async () => { await new Promise(resolve => setTimeout(resolve, 30)); });
    expect(counted()).toEqual(['EndToEndMs API']);
    expect(output.metrics[0].values[0]).toBeGreaterThanOrEqual(28);
    expect(output.metrics[0].values[0]).toBeLessThan(1000);
  });

  test('an error is timed and counted, one that is returned too', async () => {
    await answer(() => { throw new EnvelopeError('THROTTLE'); });
    await answerTo(partial(1, 'TIMEOUT'));
    await answerTo({ statusCode: 404, body: JSON.stringify({ ...partial(1, 'NOT_FOUND'), status: 'error', data: null }) });
    expect(counted()).toEqual([
      'EndToEndMs API',
      'ErrorCount THROTTLE',
      'EndToEndMs API',
      'ErrorCount TIMEOUT',
      'EndToEndMs API',
      'ErrorCount NOT_FOUND',
    ]);
  });

  test('an inner wrapping counts nothing and changes nothing', async () => {
    const inner = apiHandler((() => ({ answer: 42 })) as UserHandler);
    const result = await answer((event: unknown, context: Context) => inner(event, context));
    expect(envelopeOf(result).data).toEqual({ answer: 42 });
    expect(counted()).toEqual(['EndToEndMs API']);
  });
});
