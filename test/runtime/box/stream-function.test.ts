import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import type { Envelope } from '../../../runtime/node/envelope/envelope';
import type { RuntimeAnswer } from '../../support/runtime-api-server';
import { LAMBDA_NODE, LambdaFunction, MACHINE_NODE } from '../../support/runtime-function';

jest.setTimeout(180_000);

const conforms = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object,
);

const CODE = `
  import { pipeline } from 'node:stream/promises';
  import { Readable } from 'node:stream';
  import { EnvelopeError, partial } from 'cdk-plumbline/runtime';
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
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
    late: async stream => { stream.end('done'); throw new Error('after the end'); },
    slow: async stream => { stream.write('one'); await wait(60_000); },
    unserialisable: async stream => { stream.write('one'); return 1n; },
    unhandled: async stream => { stream.write('one'); Promise.reject(new Error('forgotten')); await wait(10_000); },
  };
  export const handler = awslambda.streamifyResponse(async (event, stream) => cases[event.case](stream));`;

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

describe.each([['Lambda\'s Node', LAMBDA_NODE], ['this machine\'s Node', MACHINE_NODE]])('a STREAM function on %s', (_name, node) => {
  let fn: LambdaFunction;
  beforeAll(async () => { fn = await LambdaFunction.start({ node, code: { 'index.mjs': CODE }, environment: { PLUMBLINE_KIND: 'STREAM' } }); });
  afterAll(() => fn.stop());
  const invoke = async (name: string, event: object = {}, timeoutMs?: number) => framesOf(await fn.invoke({ case: name, ...event }, timeoutMs));

  test('passes tokens untouched and ends with the envelope, whose data is what the handler returns', async () => {
    expect(await invoke('tokens')).toMatchObject({ tokens: 'one two', event: 'stream_end', envelope: { status: 'success', data: { tokens: 2 } } });
  });

  test.each(['ended', 'piped'])('puts the frame in front of the end that the handler makes itself: %s', async name => {
    expect(await invoke(name)).toMatchObject({ tokens: 'one two', event: 'stream_end', envelope: { status: 'success', data: null } });
  });

  test('streams 16 MB', async () => expect((await invoke('large')).tokens).toHaveLength(64 * 262_144));
  test('ends a stream that nothing was written to', async () => expect(await invoke('silent')).toMatchObject({ tokens: '', event: 'stream_end' }));

  test('ends with what is partial', async () => {
    expect(await invoke('partly')).toMatchObject({ tokens: 'one', event: 'stream_end', envelope: { status: 'partial', error: { code: 'RETRIEVAL_FAILED' } } });
  });

  test.each(['failed', 'unserialisable', 'unhandled'])('ends with an error frame when the handler fails: %s', async name => {
    expect(await invoke(name)).toMatchObject({ tokens: 'one', event: 'error', envelope: { status: 'error', data: null, error: { code: 'INTERNAL_ERROR' } } });
  });

  test('ends with an error frame before Lambda ends the function', async () => {
    expect(await invoke('slow', {}, 1000)).toMatchObject({ tokens: 'one', event: 'error', envelope: { error: { code: 'TIMEOUT', retryable: true } } });
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
    expect(await invoke('failedFirst')).toMatchObject({ tokens: '', event: 'error', envelope: { error: { code: 'NOT_FOUND', message: 'No such session.' } } });
  });

  test('what fails after the end changes nothing of the answer, and is in the log', async () => {
    expect(await invoke('late')).toMatchObject({ tokens: 'done', event: 'stream_end' });
    const log = await fn.log();
    expect(log.filter(line => line.event === 'handler_error').pop()).toMatchObject({ errors: [{ message: 'after the end' }] });
    expect(log.filter(line => line.event === 'stray_error').pop()).toMatchObject({ after_answer: true });
  });
});
