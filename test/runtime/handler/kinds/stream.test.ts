import { PassThrough } from 'stream';
import { pipeline } from 'stream/promises';
import type { Context } from 'aws-lambda';
import terminalFrames from '../../../../contract/vectors/terminal-frames.json';
import { EnvelopeError, partial } from '../../../../runtime/node/envelope/envelope';
import type { ErrorCode } from '../../../../runtime/node/envelope/error-mapping';
import type { UserStreamHandler } from '../../../../runtime/node/handler/call/user-handler';
import { streamHandler } from '../../../../runtime/node/handler/kinds/stream';
import type { ResponseStream } from '../../../../runtime/node/handler/kinds/streaming';
import { isStreaming } from '../../../../runtime/node/handler/kinds/streaming';
import { lambdaContext } from '../../../support/runtime-context';
import { CapturedOutput } from '../../../support/runtime-output';
import { FakeResponseStream, stream } from '../support/stream-call';

const output = CapturedOutput.install();

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

interface Ending {
  readonly data?: unknown;
  readonly partial?: ErrorCode;
  readonly thrown?: { readonly code?: ErrorCode; readonly name?: string; readonly message: string };
}

function endWith({ data, partial: code, thrown }: Ending): unknown {
  if (thrown?.code) throw new EnvelopeError(thrown.code, thrown.message);
  if (thrown) throw Object.assign(new Error(thrown.message), { name: thrown.name });
  return code ? partial(data, code) : data;
}

describe('a stream ends as the contract says', () => {
  test.each(terminalFrames.cases as readonly { name: string; ending: Ending; frame: string }[])('$name', async ({ ending, frame }) => {
    const { text, envelope } = await stream((_event: unknown, response: ResponseStream) => {
      response.write('token');
      return endWith(ending);
    }, { requestContext: { requestId: terminalFrames.requestId } });
    expect(text).toBe(`token${frame.replace('{support_ref}', envelope!.error?.support_ref ?? '')}`);
  });
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
