import { PassThrough, Readable, type Writable } from 'stream';
import { pipeline } from 'stream/promises';
import { EnvelopeError, partial } from '../../../../runtime/node/envelope/envelope';
import type { ResponseStream } from '../../../../runtime/node/handler/kinds/streaming';
import { CapturedOutput } from '../../../support/runtime-output';
import { stream } from '../support/stream-call';

const output = CapturedOutput.install();

/** A source that fails, after one token or before it. */
async function* failingSource(tokens: readonly string[]): AsyncGenerator<string> {
  yield* tokens;
  throw Object.assign(new Error('slow'), { name: 'ThrottlingException' });
}
const throttled = () => Object.assign(new Error('slow'), { name: 'ThrottlingException' });
const HTTP_EVENT = { requestContext: { http: { method: 'POST' } } };

describe.each([['after the first token', ['one']], ['before it', []]])('a stream whose source fails %s', (_when, tokens) => {
  const start = (response: Writable) => tokens.forEach(token => response.write(token));
  type Fail = (response: ResponseStream & Writable) => unknown;

  test.each<[string, Fail]>([
    ['pipeline', response => pipeline(Readable.from(failingSource(tokens)), response)],
    ['pipeline through a transform', response => pipeline(Readable.from(failingSource(tokens)), new PassThrough(), response)],
    ['pipe', response => new Promise(() => Readable.from(failingSource(tokens)).pipe(response))],
    ['pipe, and go', response => void Readable.from(failingSource(tokens)).pipe(response)],
    ['pipe, listen and go', response => void Readable.from(failingSource(tokens)).on('error', () => undefined).pipe(response)],
    ['destroy', response => { start(response); response.destroy(throttled()); }],
    ['destroy, and nothing more', response => { start(response); response.destroy(throttled()); return new Promise(() => undefined); }],
    ['destroy twice', response => { start(response); response.destroy(throttled()); response.destroy(new Error('again')); }],
    ['destroy and write', response => { start(response); response.destroy(throttled()); response.write('more'); response.end('more'); }],
    ['emit an error', response => { start(response); response.emit('error', throttled()); }],
    ['return an error', response => { start(response); return throttled(); }],
    ['destroy what an event method gave', response => {
      start(response);
      (response.on('close', () => undefined) as Writable).destroy(throttled());
    }],
  ])('ends with an error frame, by HTTP with its status: %s', async (_how, fail) => {
    const { text, event, envelope, stream: target } = await stream(
      (_event: unknown, response: ResponseStream & Writable) => fail(response), HTTP_EVENT);
    expect({
      event, code: envelope!.error!.code, frames: text.match(/event: /g)!.length,
    }).toEqual({ event: 'error', code: 'THROTTLE', frames: 1 });
    expect(
      text.split('\n\nevent')[0],
    ).toBe(tokens.length > 0 ? 'one' : `{"statusCode":429,"headers":{"content-type":"text/event-stream"}}${'\0'.repeat(8)}`);
    expect(target.writableEnded).toBe(true);
    expect(output.metrics.map(({ dimensions }) => dimensions.error_code)).toContain('THROTTLE');
  });
});

describe('a source that is piped into the stream', () => {
  async function* slow(...tokens: string[]): AsyncGenerator<string> {
    for (const token of tokens) {
      await new Promise(resolve => setTimeout(resolve, 10));
      yield token;
    }
  }

  test('is read to its end, though the handler is done', async () => {
    const { text, event } = await stream((_event: unknown, response: Writable) => void Readable.from(slow('one', ' two')).pipe(response));
    expect([text.split('\n\nevent')[0], event]).toEqual(['one two', 'stream_end']);
  });

  test('may take the place of one that failed', async () => {
    const { text, event } = await stream((_event: unknown, response: Writable) => {
      Readable.from(failingSource(['one'])).on('error', () => Readable.from(slow(' two')).pipe(response)).pipe(response);
    });
    expect([text.split('\n\nevent')[0], event]).toEqual(['one two', 'stream_end']);
  });

  test('that leaves the end to the handler is read before what the handler returns', async () => {
    const { text, envelope } = await stream(async (_event: unknown, response: Writable) => {
      Readable.from(slow('one')).pipe(response, { end: false });
      return { tokens: 1 };
    });
    expect([text.split('\n\nevent')[0], envelope!.data]).toEqual(['one', { tokens: 1 }]);
  });
});

describe('a destroyed stream', () => {
  test('says so, and takes no more', async () => {
    await stream(async (_event: unknown, response: ResponseStream & Writable) => {
      expect(response.destroyed).toBe(false);
      expect(response.destroy()).toBe(response);
      expect(response.destroyed).toBe(true);
      const error = await new Promise(resolve => response.write('more', resolve));
      expect(error).toMatchObject({ message: 'write after destroy' });
    });
  });

  test('without an error is a failure of the handler', async () => {
    const { envelope } = await stream((_event: unknown, response: Writable) => { response.destroy(); });
    expect(envelope!.error!.code).toBe('INTERNAL_ERROR');
    expect(output.events('handler_error')).toMatchObject([{ errors: [{ message: 'The handler destroyed its response stream' }] }]);
  });

  test('is closed to what waits for it, so that a pipeline fails with its own error at once', async () => {
    const start = Date.now();
    const { envelope } = await stream(async (_event: unknown, response: ResponseStream) => {
      await expect(pipeline(Readable.from(failingSource(['one'])), response)).rejects.toThrow('slow');
      throw new EnvelopeError('RETRIEVAL_FAILED');
    });
    expect(envelope!.error!.code).toBe('RETRIEVAL_FAILED');
    expect(Date.now() - start).toBeLessThan(500);
  });

  test('ends as the handler says, when it says so', async () => {
    const choose = (end: () => unknown) => stream(async (_event: unknown, response: Writable) => {
      response.destroy(throttled());
      return end();
    });
    expect(await choose(() => {
      throw new EnvelopeError('RETRIEVAL_FAILED');
    })).toMatchObject({ envelope: { error: { code: 'RETRIEVAL_FAILED' } } });
    expect(await choose(() => partial('half', 'RETRIEVAL_FAILED'))).toMatchObject({ envelope: { status: 'partial' } });
    expect(await choose(() => 'a result')).toMatchObject({ envelope: { status: 'error', error: { code: 'THROTTLE' } } });
  });

  test('changes nothing of an answer that is complete', async () => {
    const { text } = await stream((_event: unknown, response: Writable) => { response.end('done'); response.destroy(throttled()); });
    expect(text).toMatch(/^done\n\nevent: stream_end/);
    expect(text).not.toContain('event: error');
  });
});

describe('an HTTP status that the handler writes itself', () => {
  const SEPARATOR = '\0'.repeat(8);
  const byHand = (metadata: object, write: (response: Writable) => unknown = () => undefined, event: object = HTTP_EVENT) =>
    stream((_event: unknown, response: ResponseStream & Writable) => {
      response.setContentType!('application/vnd.awslambda.http-integration-response');
      response._onBeforeFirstWrite = first => { first(JSON.stringify(metadata)); first(new Uint8Array(8)); };
      return write(response);
    }, event);
  const envelopeJson = (message: string) => JSON.stringify({
    status: 'error', request_id: 'r', data: null, error: { code: 'NOT_FOUND', message, retryable: false, support_ref: 'abcdefghijklmnop' },
  });

  test.each([
    [400, 400, 'INVALID_REQUEST'], [401, 401, 'AUTH_FAILED'], [404, 404, 'NOT_FOUND'], [499, 499, 'INVALID_REQUEST'],
    [500, 500, 'INTERNAL_ERROR'], [599, 500, 'INTERNAL_ERROR'],
  ])('of %i is an error, and its body is for the log', async (statusCode, status, code) => {
    const { text, event, envelope } = await byHand({ statusCode, headers: { 'x-debug': 'arn:aws:iam::123456789012:role/x' } }, response => {
      response.write('at /var/task/');
      response.write(Buffer.from('index.js'));
      response.end();
    });
    expect(text).toMatch(new RegExp(`^\\{"statusCode":${status},[^\0]*\0{8}\n\nevent: error\ndata: `));
    expect({ event, code: envelope!.error!.code }).toEqual({ event: 'error', code });
    expect(text).not.toMatch(/arn:|var.task/);
    expect(output.events('envelope_violation')).toMatchObject([{ status_code: statusCode, body: 'at /var/task/index.js' }]);
    expect(output.metrics.map(({ dimensions }) => dimensions.error_code)).toContain(code);
  });

  test.each([
    ['{"message":"No such order."}', 'No such order.'],
    ['{"message":"see /var/task/index.js"}', 'There is no such resource or method.'],
    ['"No such order."', 'No such order.'],
    [JSON.stringify({ status: 'success', request_id: 'r', data: { message: 'x' }, error: null }), 'There is no such resource or method.'],
  ])('of 4xx keeps it, and its text where it is JSON and does not leak: %s', async (body, message) => {
    const { text, envelope } = await byHand({ statusCode: 404 }, response => { response.write(body); response.end(); });
    expect(text).toMatch(/^\{"statusCode":404,/);
    expect(envelope!.error).toMatchObject({ code: 'NOT_FOUND', message });
  });

  test('of an error with nothing written is one too', async () => {
    expect(await byHand({ statusCode: 500 })).toMatchObject({ event: 'error', envelope: { error: { code: 'INTERNAL_ERROR' } } });
    expect(await byHand({ statusCode: 500 }, () => 'returned', {})).toMatchObject({
      event: 'error', envelope: { error: { code: 'INTERNAL_ERROR' } },
    });
  });

  test('of an error with an envelope keeps its code, and its message unless it leaks', async () => {
    const written = (message: string) => byHand({ statusCode: 404 }, response => { response.end(envelopeJson(message)); });
    expect(await written('No order 7.')).toMatchObject({
      event: 'error', envelope: { error: { code: 'NOT_FOUND', message: 'No order 7.' } },
    });
    expect((await written('arn:aws:iam::123456789012:role/x')).text).not.toContain('arn:');
    expect((await written('No order 7.')).text).toMatch(/^\{"statusCode":404/);
  });

  test.each<[string, (text: string, response: Writable) => unknown]>([
    ['bytes that part a letter', (text, response) => {
      const bytes = Buffer.from(text);
      const inLetter = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, inLetter));
      response.end(bytes.subarray(inLetter));
    }],
    ['another encoding', (text, response) => response.end(Buffer.from(text).toString('hex'), 'hex')],
    ['an object, which Lambda writes as JSON', (text, response) => response.end(JSON.parse(text))],
  ])('of an error is read as Lambda would send it: %s', async (_how, write) => {
    const { envelope } = await byHand({ statusCode: 404 }, response => void write(envelopeJson('No örder.'), response));
    expect(envelope!.error).toMatchObject({ code: 'NOT_FOUND', message: 'No örder.' });
  });

  test.each([null, NaN, 1000, 'none', -1])('that is none is an error: %s', async statusCode => {
    const { text, event } = await byHand({ statusCode }, response => response.write('arn:aws:iam::123456789012:role/x'));
    expect([event, text.startsWith('{"statusCode":500,'), text.includes('arn:')]).toEqual(['error', true, false]);
  });

  test('of an error calls back for what it holds, so that a pipeline ends', async () => {
    const { event } = await byHand({ statusCode: 500 }, async response => pipeline(Readable.from(['a', 'b']), response));
    expect(event).toBe('error');
  });

  test.each([204, 205, 304])('of %i has no body', async statusCode => {
    const { text, stream: target } = await byHand({ statusCode, headers: { etag: '"1"' } }, response => {
      response.write('none');
      response.end('none');
    });
    expect(text).toBe(`{"statusCode":${statusCode},"headers":{"etag":"\\"1\\""}}${SEPARATOR}`);
    expect(target.writableEnded).toBe(true);
    expect((await byHand({ statusCode })).text).toBe(`{"statusCode":${statusCode}}${SEPARATOR}`);
  });

  test.each([200, 201, 302, undefined])('of %s is a success', async statusCode => {
    const { text, event } = await byHand({ statusCode }, response => response.write('one'));
    expect(text.startsWith(`${JSON.stringify({ statusCode })}${SEPARATOR}one\n\nevent: stream_end`)).toBe(true);
    expect(event).toBe('stream_end');
  });
});
