import { PassThrough, Readable, type Writable } from 'stream';
import { pipeline } from 'stream/promises';
import type { Context } from 'aws-lambda';
import { EnvelopeError, partial, type Envelope } from '../../../../runtime/node/envelope/envelope';
import type { UserStreamHandler } from '../../../../runtime/node/handler/call/user-handler';
import type { ResponseStream } from '../../../../runtime/node/handler/kinds/guarded-stream';
import { isStreaming, streamHandler } from '../../../../runtime/node/handler/kinds/stream';
import { lambdaContext } from '../../../support/runtime-context';
import { CapturedOutput } from '../../../support/runtime-output';

const output = CapturedOutput.install();

/** Lambda's response stream: a writable that puts the HTTP metadata in front of the first write. */
class FakeResponseStream extends PassThrough {
  public contentType?: string;
  public _onBeforeFirstWrite?: (write: (chunk: unknown) => void) => void;
  public text = '';
  private started = false;

  constructor() {
    super();
    this.on('data', (chunk: Buffer) => { this.text += chunk.toString(); });
  }

  public setContentType(contentType: string): void {
    this.contentType = contentType;
  }

  public override write(chunk: unknown, ...rest: unknown[]): boolean {
    const first = !this.started;
    this.started = true;
    if (first) this._onBeforeFirstWrite?.(prelude => super.write(prelude as Buffer));
    return super.write(chunk, ...rest as []);
  }
}

interface Streamed {
  readonly text: string;
  readonly event?: string;
  readonly envelope?: Envelope;
  readonly stream: FakeResponseStream;
}

async function stream(
  handler: unknown, event: unknown = {}, context: Context = lambdaContext(), target = new FakeResponseStream(),
): Promise<Streamed> {
  await (streamHandler(handler as UserStreamHandler) as (...args: unknown[]) => Promise<void>)(event, target, context);
  const match = /\n\nevent: (\w+)\ndata: (.+)\n\n$/.exec(target.text);
  return { text: target.text, event: match?.[1], envelope: match ? JSON.parse(match[2]) as Envelope : undefined, stream: target };
}

test('Lambda takes the handler for a streaming one', () => {
  expect(isStreaming(streamHandler(async () => undefined))).toBe(true);
  expect(isStreaming(async () => undefined)).toBe(false);
  expect(isStreaming(undefined)).toBe(false);
  const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
  const own = Object.assign(async () => undefined, { [highWaterMark]: 16 });
  expect((streamHandler(own) as unknown as Record<symbol, unknown>)[highWaterMark]).toBe(16);
});

test('tokens come first, the envelope last', async () => {
  const { text, envelope, stream: target } = await stream(async (_event: unknown, response: ResponseStream) => {
    response.write('one');
    response.write(' two');
    return { tokens: 2 };
  }, { requestContext: { requestId: 'gateway-1' } });
  expect(text).toBe(`one two\n\nevent: stream_end\ndata: ${JSON.stringify(envelope)}\n\n`);
  expect(envelope).toEqual({ status: 'success', request_id: 'gateway-1', data: { tokens: 2 }, error: null });
  expect(target.writableEnded).toBe(true);
});

test('an envelope that the handler returns is the last frame', async () => {
  expect(await stream(() => partial('half', 'RETRIEVAL_FAILED'))).toMatchObject({
    event: 'stream_end', envelope: { status: 'partial', data: 'half' },
  });
  expect(output.metrics.map(({ dimensions }) => dimensions.error_code)).toContain('RETRIEVAL_FAILED');
});

test.each<[string, (response: ResponseStream) => unknown]>([
  ['end with a chunk', response => response.end('last')],
  ['end with a chunk and its encoding', response => response.end(Buffer.from('last').toString('base64'), 'base64')],
  ['write, then end', response => { response.write('last'); response.end(); }],
  ['end twice', response => { response.end('last'); response.end('again'); }],
  ['a write after the end', response => { response.end('last'); response.write('again'); }],
])('the frame stands in front of the end that the handler makes: %s', async (_how, write) => {
  const { text, event } = await stream((_event: unknown, response: ResponseStream) => { write(response); });
  expect(text).toMatch(/^last\n\nevent: stream_end/);
  expect(event).toBe('stream_end');
});

test('the callbacks of end and of a write that comes too late are called', async () => {
  const called: unknown[] = [];
  await stream(async (_event: unknown, response: ResponseStream) => {
    await new Promise<void>(resolve => response.end(() => { called.push('ended'); resolve(); }));
    expect(response.writableEnded).toBe(true);
    response.write('again', (error: unknown) => { called.push((error as Error).message); });
    expect(response.write('again')).toBe(false);
  });
  expect(called).toEqual(['ended', 'write after end']);
});

test('a pipeline ends, and so does the handler that awaits it', async () => {
  const { text } = await stream(async (_event: unknown, response: ResponseStream) => {
    const source = new PassThrough();
    source.end('piped');
    await pipeline(source, response);
  });
  expect(text).toMatch(/^piped\n\nevent: stream_end/);
});

test('what the stream answers to other questions is its own answer', async () => {
  await stream((_event: unknown, response: ResponseStream & { writableHighWaterMark: number; custom?: string }) => {
    expect(response.writableHighWaterMark).toBe(new PassThrough().writableHighWaterMark);
    expect(response.writableEnded).toBe(false);
    response.custom = 'kept';
    expect(response.custom).toBe('kept');
  });
});

test('methods of the stream work on the stream itself', async () => {
  class CountingStream extends FakeResponseStream {
    #marks = 0;
    public mark(): number {
      this.#marks += 1;
      return this.#marks;
    }
  }
  const target = new CountingStream();
  const handler = streamHandler((async (_event: never, response: CountingStream) => {
    expect([response.mark(), response.mark()]).toEqual([1, 2]);
    const before = (): void => undefined;
    response._onBeforeFirstWrite = before;
    expect(response._onBeforeFirstWrite).toBe(before);
  }) as UserStreamHandler);
  await (handler as (...args: unknown[]) => Promise<void>)({}, target, lambdaContext());
  expect(target.text).toContain('event: stream_end');
});

test('what a handler returns after it ended the stream is not counted as its answer', async () => {
  await stream((_event: unknown, response: ResponseStream) => {
    response.end('done');
    return partial(null, 'RETRIEVAL_FAILED');
  });
  expect(output.metrics.filter(({ name }) => name === 'ErrorCount')).toEqual([]);
});

describe('a handler that fails', () => {
  const failing = (write?: string) => async (_event: unknown, response: ResponseStream) => {
    if (write) response.write(write);
    throw new EnvelopeError('NOT_FOUND', 'No such session.');
  };
  const HTTP = [{ requestContext: { http: { method: 'POST' } } }, { requestContext: { httpMethod: 'POST' } }];

  test('ends the stream with an error frame', async () => {
    const { text, event, envelope } = await stream(failing('one'));
    expect(text).toMatch(/^one\n\nevent: error\ndata: \{/);
    expect(event).toBe('error');
    expect(envelope).toMatchObject({ status: 'error', data: null, error: { code: 'NOT_FOUND', message: 'No such session.' } });
    expect(output.metrics.filter(({ name }) => name === 'ErrorCount')).not.toEqual([]);
  });

  test.each(HTTP)('before the first token gives its HTTP status: %j', async event => {
    const { text, stream: target } = await stream(failing(), event);
    expect(target.contentType).toBe('application/vnd.awslambda.http-integration-response');
    expect(text.split('\0'.repeat(8))[0]).toBe('{"statusCode":404,"headers":{"content-type":"text/event-stream"}}');
  });

  test.each(HTTP)('after the first token leaves the status as it is: %j', async event => {
    const { text, stream: target } = await stream(failing('one'), event);
    expect(target.contentType).toBeUndefined();
    expect(text).toMatch(/^one\n\nevent: error/);
  });

  test.each([
    {}, null, { requestContext: {} }, { requestContext: null },
  ])('gives no status to a caller that does not speak HTTP: %j', async event => {
    expect((await stream(failing(), event)).stream.contentType).toBeUndefined();
  });

  test('ends with an error frame on a stream that has no content type', async () => {
    const written: string[] = [];
    const bare = { write: (chunk: string) => written.push(chunk), end: () => undefined };
    await (streamHandler(failing() as UserStreamHandler) as (...args: unknown[]) => Promise<void>)(HTTP[0], bare, lambdaContext());
    expect(written.join('')).toContain('event: error');
  });

  test('after the end is in the log only', async () => {
    const { text } = await stream((_event: unknown, response: ResponseStream) => { response.end('done'); throw new Error('too late'); });
    expect(text).toMatch(/^done\n\nevent: stream_end[^]*\n\n$/);
    expect(text).not.toContain('event: error');
    expect(output.events('stray_error')).toMatchObject([{ after_answer: true }]);
  });

  test('by a stream that the caller has closed does not fail again', async () => {
    const target = new FakeResponseStream();
    const { text } = await stream(() => { target.destroy(); throw new Error('gone'); }, {}, lambdaContext(), target);
    expect(text).toBe('');
    expect(output.events('handler_error')).toHaveLength(1);
  });

  test('with a result that cannot be serialised ends with an error frame', async () => {
    expect(await stream(() => 1n)).toMatchObject({ event: 'error', envelope: { error: { code: 'INTERNAL_ERROR' } } });
  });

  test('by not ending ends with an error frame in time', async () => {
    const { envelope } = await stream(() => new Promise(() => undefined), {}, lambdaContext(200));
    expect(envelope!.error!.code).toBe('TIMEOUT');
  });
});

test('is timed under its kind', async () => {
  await stream(() => undefined);
  expect(output.metrics[0]).toMatchObject({ name: 'EndToEndMs', dimensions: { request_type: 'STREAM' } });
});

test('an inner wrapping adds no second frame', async () => {
  const inner = streamHandler(
    (async (_event: never, response: ResponseStream) => { response.write('one'); }) as never,
  ) as (...args: unknown[]) => unknown;
  const { text } = await stream((event: unknown, response: ResponseStream, context: Context) => inner(event, response, context));
  expect(text.match(/event: /g)).toHaveLength(1);
});

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

  test.each([400, 401, 404, 500, 599])('of %i is an error, and its body is for the log', async statusCode => {
    const { text, event, envelope } = await byHand({ statusCode, headers: { 'x-debug': 'arn:aws:iam::123456789012:role/x' } }, response => {
      response.write('at /var/task/');
      response.write(Buffer.from('index.js'));
      response.end();
    });
    expect(text).toMatch(new RegExp('^\\{"statusCode":500,[^\0]*\0{8}\n\nevent: error\ndata: '));
    expect({ event, code: envelope!.error!.code }).toEqual({ event: 'error', code: 'INTERNAL_ERROR' });
    expect(text).not.toMatch(/arn:|var.task/);
    expect(output.events('envelope_violation')).toMatchObject([{ status_code: statusCode, body: 'at /var/task/index.js' }]);
    expect(output.metrics.map(({ dimensions }) => dimensions.error_code)).toContain('INTERNAL_ERROR');
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

test('an envelope that the handler returns leaves without what it leaks', async () => {
  const leaking = {
    status: 'error',
    request_id: 'r',
    data: null,
    error: {
      code: 'NOT_FOUND', message: 'arn:aws:iam::123456789012:role/x', retryable: false, support_ref: 'abcdefghijklmnop',
    },
  };
  const { text, event } = await stream(() => leaking);
  expect(event).toBe('error');
  expect(text).not.toContain('arn:');
});

test('the next request need not wait until the event loop is empty', async () => {
  const context = { ...lambdaContext(), callbackWaitsForEmptyEventLoop: true };
  await stream(() => undefined, {}, context);
  expect(context.callbackWaitsForEmptyEventLoop).toBe(false);
});
