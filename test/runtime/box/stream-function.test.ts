import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import type { Envelope } from '../../../runtime/node/envelope/envelope';
import type { RuntimeAnswer } from '../../support/runtime-api-server';
import { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';
import { emittedMetrics, logRecords } from '../../support/runtime-log';

jest.setTimeout(180_000);

const conforms = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object,
);

const CODE = `
  import { pipeline } from 'node:stream/promises';
  import { PassThrough, Readable } from 'node:stream';
  import { EnvelopeError, partial } from 'cdk-plumbline/runtime';
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
  const throttled = () => Object.assign(new Error('slow arn:aws:iam::123456789012:role/x'), { name: 'ThrottlingException' });
  async function* failingSource(event, fails = true) {
    if (!event.first) yield 'data: one\\n\\n';
    await wait(5);
    if (fails) throw throttled();
  }
  const cases = {
    tokens: async stream => { for (const token of ['one', ' two']) { stream.write(token); await wait(5); } return { tokens: 2 }; },
    ended: async stream => { stream.write('one'); stream.end(' two'); },
    piped: async stream => { await pipeline(Readable.from(['one', ' two']), stream); },
    large: async stream => { await pipeline(Readable.from(Array.from({ length: 64 }, () => 'x'.repeat(262_144))), stream); },
    silent: async () => {},
    partly: async stream => { stream.write('one'); return partial(null, 'RETRIEVAL_FAILED'); },
    failed: async stream => { stream.write('one'); throw new Error('arn:aws:iam::123456789012:role/chat'); },
    failedFirst: async () => { throw new EnvelopeError('NOT_FOUND', 'No such session.'); },
    prelude: async stream => {
      const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'content-type': 'text/event-stream' } });
      http.write('data: one\\n\\n');
    },
    preludeFailed: async stream => {
      awslambda.HttpResponseStream.from(stream, { statusCode: 200, headers: {} });
      throw new EnvelopeError('NOT_FOUND');
    },
    failingPipeline: async (stream, event) => { await pipeline(Readable.from(failingSource(event)), stream); },
    failingPipelineOfThree: async (stream, event) => { await pipeline(Readable.from(failingSource(event)), new PassThrough(), stream); },
    failingPipe: async (stream, event) => { Readable.from(failingSource(event)).pipe(stream); await wait(10_000); },
    failingPipeTo: async (stream, event) => {
      const sink = new WritableStream({
        write: chunk => { stream.write(chunk); }, close: () => stream.end(), abort: reason => { stream.destroy(reason); }
      });
      await Readable.toWeb(Readable.from(failingSource(event))).pipeTo(sink);
    },
    failingLoop: async (stream, event) => { for await (const chunk of failingSource(event)) stream.write(chunk); },
    destroyed: async (stream, event) => {
      for await (const chunk of failingSource(event, false)) stream.write(chunk);
      stream.destroy(throttled());
    },
    destroyedAndSilent: async (stream, event) => {
      for await (const chunk of failingSource(event, false)) stream.write(chunk);
      stream.destroy(throttled());
      await wait(60_000);
    },
    emittedError: async (stream, event) => {
      for await (const chunk of failingSource(event, false)) stream.write(chunk);
      stream.emit('error', throttled());
    },
    returnedError: async (stream, event) => {
      for await (const chunk of failingSource(event, false)) stream.write(chunk);
      return throttled();
    },
    chosenAfterFailure: async (stream, event) => {
      await pipeline(Readable.from(failingSource(event)), stream).catch(() => { throw new EnvelopeError('RETRIEVAL_FAILED'); });
    },
    leakingEnvelope: async () => ({
      status: 'error', request_id: 'r', data: null,
      error: { code: 'NOT_FOUND', message: 'No arn:aws:iam::123456789012:role/x', retryable: false, support_ref: 'abcdefghijklmnop' },
    }),
    byHand: async (stream, event) => {
      const http = awslambda.HttpResponseStream.from(stream, {
        statusCode: event.status, headers: { 'x-debug': 'arn:aws:iam::123456789012:role/x' }
      });
      if (event.body) http.write(event.body);
      http.end();
    },
    late: async stream => { stream.end('done'); throw new Error('after the end'); },
    slow: async stream => { stream.write('one'); await wait(60_000); },
    unserialisable: async stream => { stream.write('one'); return 1n; },
    unhandled: async stream => { stream.write('one'); Promise.reject(new Error('forgotten')); await wait(10_000); },
  };
  export const handler = awslambda.streamifyResponse(async (event, stream) => cases[event.case](stream, event));`;

interface Frames {
  readonly tokens: string;
  readonly event: string;
  readonly envelope: Envelope;
}

function framesOf({ kind, streaming, body, trailers }: RuntimeAnswer): Frames {
  expect({ kind, streaming, trailers }).toEqual({ kind: 'response', streaming: true, trailers: {} });
  const match = /^([\s\S]*)\n\nevent: (\w+)\ndata: (.+)\n\n$/.exec(body);
  if (!match) throw new Error(`There is no terminal frame in: ${body.slice(-300)}`);
  const envelope = JSON.parse(match[3]) as Envelope;
  expect(conforms(envelope)).toBe(true);
  expect(body).not.toMatch(/arn:|123456789012/);
  return { tokens: match[1], event: match[2], envelope };
}

describe.each(GENERATIONS)('a STREAM function on %s', (_name, generation) => {
  let fn: LambdaFunction;
  beforeAll(async () => {
    fn = await LambdaFunction.start({ generation, code: { 'index.mjs': CODE }, environment: { PLUMBLINE_KIND: 'STREAM' } });
  });
  afterAll(() => fn.stop());
  const invoke = async (name: string, event: object = {}, timeoutMs?: number) =>
    framesOf(await fn.invoke({ case: name, ...event }, timeoutMs));

  test('passes tokens untouched and ends with the envelope, whose data is what the handler returns', async () => {
    expect(await invoke('tokens')).toMatchObject({
      tokens: 'one two', event: 'stream_end', envelope: { status: 'success', data: { tokens: 2 } },
    });
  });

  test.each(['ended', 'piped'])('puts the frame in front of the end that the handler makes itself: %s', async name => {
    expect(await invoke(name)).toMatchObject({ tokens: 'one two', event: 'stream_end', envelope: { status: 'success', data: null } });
  });

  test('streams 16 MB', async () => expect((await invoke('large')).tokens).toHaveLength(64 * 262_144));
  test('ends a stream that nothing was written to', async () => {
    expect(await invoke('silent')).toMatchObject({ tokens: '', event: 'stream_end' });
  });

  test('ends with what is partial', async () => {
    expect(await invoke('partly')).toMatchObject({
      tokens: 'one', event: 'stream_end', envelope: { status: 'partial', error: { code: 'RETRIEVAL_FAILED' } },
    });
  });

  test.each(['failed', 'unserialisable', 'unhandled'])('ends with an error frame when the handler fails: %s', async name => {
    expect(await invoke(name)).toMatchObject({
      tokens: 'one', event: 'error', envelope: { status: 'error', data: null, error: { code: 'INTERNAL_ERROR' } },
    });
  });

  test('ends with an error frame before Lambda ends the function', async () => {
    expect(await invoke('slow', {}, 1000)).toMatchObject({
      tokens: 'one', event: 'error', envelope: { error: { code: 'TIMEOUT', retryable: true } },
    });
  });

  const HTTP = { requestContext: { http: { method: 'POST' } } };
  const FAILURES = [
    'failingPipeline', 'failingPipelineOfThree', 'failingPipe', 'failingPipeTo', 'failingLoop', 'destroyed', 'destroyedAndSilent',
    'emittedError', 'returnedError',
  ];

  test.each(FAILURES)('ends with an error frame when what feeds the stream fails: %s', async name => {
    expect(await invoke(name, HTTP, 5000)).toMatchObject({
      tokens: 'data: one\n\n', event: 'error', envelope: { error: { code: 'THROTTLE', retryable: true } },
    });
  });

  test.each(FAILURES)('gives its HTTP status to what fails before the first token: %s', async name => {
    const { tokens, event, envelope } = await invoke(name, { ...HTTP, first: true }, 5000);
    expect(tokens).toBe(`{"statusCode":429,"headers":{"content-type":"text/event-stream"}}${'\0'.repeat(8)}`);
    expect({ event, code: envelope.error!.code }).toEqual({ event: 'error', code: 'THROTTLE' });
  });

  test('lets the handler say itself what the failure of its source means', async () => {
    expect(await invoke('chosenAfterFailure')).toMatchObject({ event: 'error', envelope: { error: { code: 'RETRIEVAL_FAILED' } } });
  });

  test('looks for leaks in an envelope that the handler returns', async () => {
    expect(await invoke('leakingEnvelope')).toMatchObject({ event: 'error', envelope: { error: { code: 'NOT_FOUND' } } });
  });

  test.each([
    [400, 400, 'INVALID_REQUEST'], [404, 404, 'NOT_FOUND'], [500, 500, 'INTERNAL_ERROR'], [503, 500, 'INTERNAL_ERROR'],
  ])('takes an HTTP %i that the handler writes itself for an error', async (status, expected, code) => {
    const before = fn.output.length;
    const { tokens, event, envelope } = await invoke('byHand', { ...HTTP, status, body: 'at /var/task/index.js' });
    expect(tokens).toBe(`{"statusCode":${expected},"headers":{"content-type":"text/event-stream"}}${'\0'.repeat(8)}`);
    expect({ event, code: envelope.error!.code }).toEqual({ event: 'error', code });
    await fn.log();
    const output = fn.output.slice(before);
    expect(logRecords(output).filter(line => line.event === 'envelope_violation')).toMatchObject([{ status_code: status }]);
    expect(emittedMetrics(output).filter(({ name }) => name === 'ErrorCount')).not.toEqual([]);
  });

  test.each([204, 304])('gives no body to an HTTP %i', async status => {
    const { kind, body } = await fn.invoke({ ...HTTP, case: 'byHand', status, body: 'none' });
    expect(kind).toBe('response');
    expect(body.split('\0'.repeat(8))).toEqual([expect.stringContaining(`"statusCode":${status}`), '']);
  });

  test('serves the next request without waiting for what the last one left behind', async () => {
    await invoke('destroyedAndSilent');
    const start = Date.now();
    await invoke('silent');
    expect(Date.now() - start).toBeLessThan(1000);
  });

  test('keeps the HTTP metadata of the handler', async () => {
    const { tokens } = await invoke('prelude');
    expect(tokens.split('\0'.repeat(8))).toEqual(['{"statusCode":201,"headers":{"content-type":"text/event-stream"}}', 'data: one\n\n']);
  });

  test('an error before the first token has its HTTP status', async () => {
    const answer = await fn.invoke({ case: 'failedFirst', requestContext: { http: { method: 'POST' } } });
    expect(answer.headers['content-type']).toBe('application/vnd.awslambda.http-integration-response');
    const [metadata, rest] = framesOf(answer).tokens.split('\0'.repeat(8));
    expect(JSON.parse(metadata)).toEqual({ statusCode: 404, headers: { 'content-type': 'text/event-stream' } });
    expect(rest).toBe('');
  });

  test('an error before the first token overrules the status the handler had meant to give', async () => {
    const { tokens } = await invoke('preludeFailed', { requestContext: { http: { method: 'POST' } } });
    expect(tokens).toContain('"statusCode":404');
    expect(tokens).not.toContain('"statusCode":200');
  });

  test('a caller that does not speak HTTP gets no metadata', async () => {
    expect(await invoke('failedFirst')).toMatchObject({
      tokens: '', event: 'error', envelope: { error: { code: 'NOT_FOUND', message: 'No such session.' } },
    });
  });

  test('what fails after the end changes nothing of the answer, and is in the log', async () => {
    expect(await invoke('late')).toMatchObject({ tokens: 'done', event: 'stream_end' });
    const log = await fn.log();
    expect(log.filter(line => line.event === 'handler_error').pop()).toMatchObject({ errors: [{ message: 'after the end' }] });
    expect(log.filter(line => line.event === 'stray_error').pop()).toMatchObject({ after_answer: true });
  });
});
