import { gzipSync } from 'zlib';
import { EnvelopeError, partial, success } from '../../../../runtime/node/envelope/envelope';
import { ERROR_CODES } from '../../../../src/contract/data';
import { CapturedOutput } from '../../../support/runtime-output';
import { answerTo, CODINGS, envelopeOf, textOf } from '../support/api-call';

const output = CapturedOutput.install();

describe('a proxy result', () => {
  const body = JSON.stringify(success({ id: 7 }));

  test('that conforms is written anew, its data to the letter', async () => {
    const data = '{ "id": 12345678901234567890, "text": "a, \\"data\\": {1}]", "list": [1, {}] }';
    const text = `{ "data": 1, "status": "success", "request_id": "mine",\n "d\\u0061ta": ${data} , "error": null }`;
    expect((await answerTo({ statusCode: 201, body: text })).body).toBe(
      `{"status":"success","request_id":"mine","data":${data},"error":null}`,
    );
  });

  test('with a number too large for JavaScript keeps it', async () => {
    expect((await answerTo({ statusCode: 200, body: ' {"id": 12345678901234567890} ' })).body).toContain(
      '"data":{"id": 12345678901234567890},',
    );
  });

  test('keeps its headers and cookies', async () => {
    const result = await answerTo({
      statusCode: 200,
      headers: { 'X-Trace': 'abc', 'X-None': undefined, 'X-Count': 3 },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Bad': 'text' },
      cookies: ['c=3'],
      body,
    });
    expect(result.headers).toEqual({ 'X-Trace': 'abc', 'X-Count': '3', 'content-type': 'application/json' });
    expect(result.multiValueHeaders).toEqual({ 'Set-Cookie': ['a=1', 'b=2'] });
    expect(result.cookies).toEqual(['c=3']);
  });

  test('that names its type, in either place and any case, keeps it', async () => {
    const type = 'application/json; charset=utf-8';
    expect((await answerTo({ statusCode: 200, headers: { 'CONTENT-TYPE': type }, body })).headers).toEqual({ 'CONTENT-TYPE': type });
    expect(await answerTo({ statusCode: 200, multiValueHeaders: { 'Content-Type': [type] }, body })).toMatchObject({
      headers: {},
      multiValueHeaders: { 'Content-Type': [type] },
    });
  });

  test('whose body becomes another loses the headers that described it, and no other', async () => {
    const headers = {
      'ETag': 'x',
      'Content-Encoding': 'gzip',
      'Content-MD5': 'x',
      'Transfer-Encoding': 'chunked',
      'Cache-Control': 'no-store',
    };
    const result = await answerTo({
      statusCode: 200,
      headers,
      multiValueHeaders: { 'Content-Type': ['application/json'], 'X-Two': ['1', '2'] },
      body: 'text',
    });
    expect(result.headers).toEqual({ 'Cache-Control': 'no-store', 'content-type': 'application/json' });
    expect(result.multiValueHeaders).toEqual({ 'X-Two': ['1', '2'] });
  });

  test('in base64 is read', async () => {
    const base64 = (text: string) => ({ statusCode: 200, isBase64Encoded: true, body: Buffer.from(text).toString('base64') });
    expect(envelopeOf(await answerTo(base64(body)))).toEqual(JSON.parse(body));
    expect(envelopeOf(await answerTo(base64('{"job":7}'))).data).toEqual({ job: 7 });
    expect(await answerTo(base64('{"job":7}'))).not.toHaveProperty('isBase64Encoded');
  });

  test.each<[string, object]>([
    ['an image', { isBase64Encoded: true, body: Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString('base64') }],
    ['a text in base64', { isBase64Encoded: true, body: Buffer.from('text').toString('base64') }],
    ['a table', { headers: { 'Content-Type': 'text/csv', 'Content-Length': '4' }, isBase64Encoded: false, body: 'a,b\n' }],
    ['a page, for a load balancer', { headers: { 'content-type': 'text/html' }, statusDescription: '200 OK', body: '<p>' }],
  ])('that is no JSON leaves as it came: %s', async (_what, given) => {
    const returned = { statusCode: 200, headers: {}, ...given };
    expect(await answerTo(returned)).toEqual(returned);
    expect(output.metrics.some(({ name }) => name === 'ErrorCount')).toBe(false);
  });

  test('that is no JSON is measured too', async () => {
    const result = await answerTo({ statusCode: 200, headers: { 'content-type': 'text/csv' }, body: 'x'.repeat(6_291_556) });
    expect(result.statusCode).toBe(413);
  });

  test('with an object for a body is taken at its word', async () => {
    expect(envelopeOf(await answerTo({ statusCode: 200, body: { job: 7 } })).data).toEqual({ job: 7 });
    expect(envelopeOf(await answerTo({ statusCode: 200, body: JSON.parse(body) as object }))).toEqual(JSON.parse(body));
  });

  test.each([204, 205, 304])('of status %i has no body, as HTTP wants it', async statusCode => {
    expect(await answerTo({ statusCode, headers: { ETag: 'x', Location: '/7' } })).toEqual({
      statusCode,
      headers: { ETag: 'x', Location: '/7' },
      body: '',
    });
    expect(output.metrics.some(({ name }) => name === 'ErrorCount')).toBe(false);
  });

  test('may give its status as a text', async () => {
    expect((await answerTo({ statusCode: '201', body })).statusCode).toBe(201);
    expect((await answerTo({ statusCode: '500', body: 'trace' })).statusCode).toBe(500);
    expect(envelopeOf(await answerTo({ statusCode: 'ok', body })).data).toMatchObject({ statusCode: 'ok' });
  });

  test('may have any status from 100 to 599', async () => {
    expect((await answerTo({ statusCode: 100, body })).statusCode).toBe(100);
    expect((await answerTo({ statusCode: 399, body: 'x' })).statusCode).toBe(399);
    expect((await answerTo({ statusCode: 400, body: 'x' })).statusCode).toBe(400);
    expect((await answerTo({ statusCode: 499, body: 'x' })).statusCode).toBe(499);
    expect((await answerTo({ statusCode: 501, body: 'x' })).statusCode).toBe(500);
    expect((await answerTo({ statusCode: 599, body: JSON.stringify(partial(1, 'TIMEOUT')) })).statusCode).toBe(599);
  });

  test.each([99, 600, 200.5, NaN])('of status %p is data', async statusCode => {
    expect((await answerTo({ statusCode, body: 'x' })).statusCode).toBe(200);
  });

  test('that failed and does not conform is a violation, of which the log has an excerpt', async () => {
    const result = await answerTo({
      statusCode: 502,
      headers: { 'X-Debug': 'trace', 'Access-Control-Allow-Origin': '*', 'Vary': 'Origin' },
      body: 'password=hunter2 '.repeat(1000),
    });
    expect(result.statusCode).toBe(500);
    expect(result.headers).toEqual({ 'Access-Control-Allow-Origin': '*', 'Vary': 'Origin', 'content-type': 'application/json' });
    const [violation] = output.events('envelope_violation');
    expect(violation).toMatchObject({ level: 'ERROR', status_code: 502, reason: 'error body is no envelope' });
    expect(violation.body).toMatch(/^(password=\[redacted\] ){90,}[^ ]*…$/);
    expect(output.events('handler_error')).toHaveLength(1);
  });

  test('that failed and yet holds a success is a violation, and counted', async () => {
    const result = await answerTo({ statusCode: 503, headers: { 'X-Debug': 'trace' }, body });
    expect(result).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/json' } });
    expect(envelopeOf(result)).toMatchObject({ status: 'error', data: null, error: { code: 'INTERNAL_ERROR' } });
    expect(output.events('envelope_violation')).toMatchObject([{ status_code: 503, reason: 'error status with a success envelope' }]);
    expect(output.metrics.some(({ dimensions }) => dimensions.error_code === 'INTERNAL_ERROR')).toBe(true);
  });

  test('whose error message leaks keeps all but the message', async () => {
    const leaking = JSON.stringify({
      ...partial({ half: 1 }, 'RETRIEVAL_FAILED'),
      error: { code: 'RETRIEVAL_FAILED', message: 'see /var/task/index.js', retryable: true, support_ref: 'mine' },
    });
    const result = await answerTo({ statusCode: 200, body: leaking });
    expect(envelopeOf(result)).toMatchObject({
      data: { half: 1 },
      error: { message: ERROR_CODES.codes.RETRIEVAL_FAILED.message, support_ref: 'mine' },
    });
    expect(output.events('envelope_violation')).toMatchObject([
      { reason: 'message leaks', support_ref: 'mine', leaked_message: 'see /var/task/index.js' },
    ]);
  });
});

describe('a failed proxy result that conforms', () => {
  const body = JSON.stringify({
    status: 'error',
    request_id: 'mine',
    data: null,
    error: { code: 'NOT_FOUND', message: 'No such order.', retryable: false, support_ref: 'mine' },
  });

  test('keeps the headers that a failed answer may have and its cookies, and of these none that leaks', async () => {
    const result = await answerTo({
      statusCode: 404,
      headers: {
        'X-Debug': 'abc',
        'Retry-After': '7',
        'Cache-Control': 'no-store',
        'X-Request-Id': 'at /var/task/index.js',
        'Set-Cookie': 'session_token=abc',
      },
      multiValueHeaders: {
        'X-Stack': ['ok'],
        'Vary': ['Origin', 'arn:aws:iam::123456789012:role/x'],
        'WWW-Authenticate': ['Bearer', 'Basic'],
      },
      cookies: ['a=1', 'b=/var/task/index.js'],
      body,
    });
    expect(result.headers).toEqual({
      'Retry-After': '7',
      'Cache-Control': 'no-store',
      'Set-Cookie': 'session_token=abc',
      'content-type': 'application/json',
    });
    expect(result.multiValueHeaders).toEqual({ 'WWW-Authenticate': ['Bearer', 'Basic'] });
    expect(result.cookies).toEqual(['a=1']);
  });

  test('that does not conform keeps the headers that browsers need, in either place', async () => {
    const result = await answerTo({
      statusCode: 500,
      multiValueHeaders: { 'Access-Control-Allow-Origin': ['*'], 'Vary': ['/var/task'], 'X-Two': ['1'] },
      body: 'x',
    });
    expect(result.multiValueHeaders).toEqual({ 'Access-Control-Allow-Origin': ['*'] });
  });

  test('loses no header when it succeeded', async () => {
    const result = await answerTo({ statusCode: 200, headers: { 'X-File': '/var/task/index.js' }, body: JSON.stringify(success(1)) });
    expect(result.headers['X-File']).toBe('/var/task/index.js');
  });
});

describe.each(Object.entries(CODINGS))('a body in %s', (coding, compressed) => {
  const inBase64 = (text: string) => ({ isBase64Encoded: true, body: compressed(text).toString('base64') });
  const own = JSON.stringify({
    status: 'error',
    request_id: 'mine',
    data: null,
    error: { code: 'NOT_FOUND', message: 'No such order.', retryable: false, support_ref: 'ref' },
  });

  test.each<[string, object]>([
    ['headers', { headers: { 'Content-Encoding': coding, 'Content-Length': '99', 'ETag': 'x' } }],
    ['headers of any case', { headers: { 'CONTENT-ENCODING': ` ${coding.toUpperCase()} ` } }],
    ['headers with several values', { multiValueHeaders: { 'Content-Encoding': [coding], 'Content-Length': ['99'] } }],
  ])('is read by its %s: a 404 stays one, and is compressed again', async (_where, headers) => {
    const result = await answerTo({ statusCode: 404, ...headers, ...inBase64(own) });
    expect(result).toMatchObject({
      statusCode: 404,
      headers: { 'content-encoding': coding, 'content-type': 'application/json' },
      isBase64Encoded: true,
    });
    expect(Object.keys({ ...result.headers, ...result.multiValueHeaders }).filter(name => /length|etag/i.test(name))).toEqual([]);
    expect(envelopeOf(result)).toEqual(JSON.parse(own));
    expect(output.events('envelope_violation')).toEqual([]);
  });

  test('that leaks does so no more', async () => {
    const result = await answerTo({
      statusCode: 404,
      headers: { 'content-encoding': coding },
      ...inBase64(own.replace('No such order.', '/var/task/index.js:3')),
    });
    expect(envelopeOf(result).error).toMatchObject({ code: 'NOT_FOUND', message: ERROR_CODES.codes.NOT_FOUND.message });
  });

  test('that is data becomes data', async () => {
    const result = await answerTo({
      statusCode: 200,
      headers: { 'content-encoding': coding },
      ...inBase64('{"id": 12345678901234567890}'),
    });
    expect(textOf(result)).toContain('"data":{"id": 12345678901234567890},');
  });

  test('that failed and does not conform is a violation', async () => {
    const result = await answerTo({ statusCode: 502, headers: { 'content-encoding': coding }, ...inBase64('Traceback') });
    expect(result).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/json' } });
    expect(result.headers).not.toHaveProperty('content-encoding');
  });

  test('that is none after all is taken as it is', async () => {
    const returned = {
      statusCode: 200,
      headers: { 'content-encoding': coding },
      isBase64Encoded: true,
      body: Buffer.from('plain').toString('base64'),
    };
    expect(await answerTo(returned)).toEqual(returned);
  });
});

test('a body that would fill the memory once it is decompressed is not read', async () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024)).toString('base64');
  const result = await answerTo({ statusCode: 200, headers: { 'content-encoding': 'gzip' }, isBase64Encoded: true, body: bomb });
  expect(result).toMatchObject({ isBase64Encoded: true, body: bomb });
});

describe('a returned error counts as thrown', () => {
  const leaking = () =>
    Object.assign(new Error('at /var/task/index.js'), {
      name: 'ThrottlingException',
      statusCode: 200,
      config: { headers: { Authorization: 'Bearer secret' } },
    });

  test.each<[string, (error: Error) => unknown]>([
    ['itself', error => error],
    ['the promise of one', error => Promise.resolve(error)],
    ['the body of a proxy result', error => ({ statusCode: 200, body: error })],
    ['the data of an envelope', error => success(error)],
    ['the data of an envelope in a proxy result', error => ({ statusCode: 200, body: success(error) })],
  ])('%s', async (_what, returned) => {
    const result = await answerTo(returned(leaking()));
    expect(result.statusCode).toBe(429);
    expect(envelopeOf(result)).toMatchObject({ status: 'error', data: null, error: { code: 'THROTTLE' } });
    expect(JSON.stringify(result)).not.toMatch(/secret|var.task/);
    expect(output.events('handler_error')).toHaveLength(1);
  });

  test('an EnvelopeError has its own code and message', async () => {
    expect(envelopeOf(await answerTo(new EnvelopeError('NOT_FOUND', 'No such order.'))).error).toMatchObject({
      code: 'NOT_FOUND',
      message: 'No such order.',
    });
  });
});
