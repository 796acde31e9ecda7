import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';
import type { Envelope } from '../../../runtime/node/envelope/envelope';
import type { RuntimeAnswer } from '../../support/runtime-api-server';
import { httpEvent } from '../../support/runtime-events';
import { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS } from '../../support/runtime-generations';
import { emittedMetrics } from '../../support/runtime-log';

jest.setTimeout(180_000);

const conforms = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(__dirname, '../../../contract/envelope.schema.json'), 'utf8')) as object,
);

const SECRET = 'arn:aws:iam::123456789012:role/chat at /var/task/index.js';

const CASES = `
  async plain(event) { return { hello: event.name }; },
  async nothing() {},
  async thrown() { throw new Error('${SECRET}'); },
  async thrownText() { throw '${SECRET}'; },
  async thrownNull() { throw null; },
  async throttled() { throw Object.assign(new Error('${SECRET}'), { name: 'ThrottlingException' }); },
  async chosen() { throw new runtime.EnvelopeError('NOT_FOUND', 'There is no order 7.'); },
  async failedProxy() { return { statusCode: 500, headers: { 'x-debug': '${SECRET}' }, body: '${SECRET}' }; },
  async proxy() { return { statusCode: 201, headers: { location: '/7' }, body: JSON.stringify(runtime.success({ id: 7 })) }; },
  async circular() { const value = {}; value.self = value; return value; },
  async bigint() { return { id: 1n }; },
  async large() { return 'x'.repeat(6 * 1024 * 1024 - 2048); },
  async tooLarge() { return '"'.repeat(4 * 1024 * 1024); },
  async slow() { await new Promise(resolve => setTimeout(resolve, 60_000)); },
  async unhandled() { Promise.reject(new Error('${SECRET}')); await new Promise(resolve => setTimeout(resolve, 10_000)); },
  async uncaught() { setTimeout(() => { throw new Error('${SECRET}'); }); await new Promise(resolve => setTimeout(resolve, 10_000)); },
  async afterwards() {
    setTimeout(() => { throw new Error('after the answer'); }, 20);
    setTimeout(() => Promise.reject(new Error('rejected late')), 20);
    return 'answered';
  },
  sync() { return 'sync'; },
`;
const DISPATCH = '(event, context) => cases[event.case](event, context)';

const ES_MODULE = `import * as runtime from 'cdk-plumbline/runtime'; const cases = {${CASES}}; export const handler = ${DISPATCH};`;
const COMMON_JS = `const runtime = require('cdk-plumbline/runtime'); const cases = {${CASES}}; exports.handler = ${DISPATCH};`;

function envelopeOf(answer: RuntimeAnswer): Envelope {
  expect(answer.kind).toBe('response');
  const { body } = JSON.parse(answer.body) as { body: string };
  const envelope = JSON.parse(body) as Envelope;
  expect(conforms(envelope)).toBe(true);
  expect(answer.body).not.toMatch(/arn:|123456789012|\/var\/task|stack/);
  return envelope;
}

function proxyOf(answer: RuntimeAnswer): { statusCode: number; headers: Record<string, string> } {
  return JSON.parse(answer.body) as { statusCode: number; headers: Record<string, string> };
}

describe.each(GENERATIONS.flatMap(([name, generation]) => [
  [`${name}, an ES module`, generation, { 'index.mjs': ES_MODULE }],
  [`${name}, a CommonJS module`, generation, { 'index.js': COMMON_JS }],
] as const))('under the runtime interface client: %s', (_name, generation, code) => {
  let fn: LambdaFunction;
  beforeAll(async () => { fn = await LambdaFunction.start({ generation, code }); });
  afterAll(() => fn.stop());
  const invoke = (name: string, event: object = {}, timeoutMs?: number) => fn.invoke(httpEvent({ case: name, ...event }), timeoutMs);

  test('a result becomes data', async () => {
    const answer = await invoke('plain', { name: 'you', requestContext: { requestId: 'gateway-1' } });
    expect(proxyOf(answer)).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(envelopeOf(answer)).toEqual({ status: 'success', request_id: 'gateway-1', data: { hello: 'you' }, error: null });
  });

  test('no result, and a sync one', async () => {
    expect(envelopeOf(await invoke('nothing'))).toMatchObject({ status: 'success', data: null });
    expect(envelopeOf(await invoke('sync'))).toMatchObject({ status: 'success', data: 'sync' });
  });

  test.each([
    ['thrown', 500, 'INTERNAL_ERROR'], ['thrownText', 500, 'INTERNAL_ERROR'], ['thrownNull', 500, 'INTERNAL_ERROR'],
    ['throttled', 429, 'THROTTLE'],
    ['chosen', 404, 'NOT_FOUND'], ['failedProxy', 500, 'INTERNAL_ERROR'], ['circular', 500, 'INTERNAL_ERROR'],
    ['bigint', 500, 'INTERNAL_ERROR'],
    ['tooLarge', 413, 'PAYLOAD_TOO_LARGE'], ['unhandled', 500, 'INTERNAL_ERROR'], ['uncaught', 500, 'INTERNAL_ERROR'],
  ])('%s: %i %s, and the log has the rest', async (name, status, expectedCode) => {
    const answer = await invoke(name);
    const { error } = envelopeOf(answer);
    expect(proxyOf(answer).statusCode).toBe(status);
    expect(error!.code).toBe(expectedCode);
    const log = await fn.log();
    expect(log.filter(line => line.event === 'handler_error' && line.support_ref === error!.support_ref)).toHaveLength(1);
  });

  test('a proxy result that conforms passes', async () => {
    const answer = await invoke('proxy');
    expect(proxyOf(answer)).toMatchObject({ statusCode: 201, headers: { location: '/7' } });
    expect(envelopeOf(answer)).toMatchObject({ status: 'success', data: { id: 7 } });
  });

  test('a result just under 6 MB passes', async () => {
    expect((envelopeOf(await invoke('large')).data as string)).toHaveLength(6 * 1024 * 1024 - 2048);
  });

  test('a handler that takes too long answers before Lambda ends it', async () => {
    const start = Date.now();
    const answer = await invoke('slow', {}, 3000);
    expect(Date.now() - start).toBeLessThan(3000);
    expect(proxyOf(answer).statusCode).toBe(504);
    expect(envelopeOf(answer).error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  test('what a handler throws after its answer neither ends the function nor harms the next request', async () => {
    expect(envelopeOf(await invoke('afterwards'))).toMatchObject({ status: 'success', data: 'answered' });
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(envelopeOf(await invoke('plain', { name: 'next' }))).toMatchObject({ status: 'success', data: { hello: 'next' } });
    const stray = (await fn.log()).filter(line => line.event === 'stray_error')
      .map(line => (line.errors as { message: string }[])[0].message);
    expect(stray.sort()).toEqual(['after the answer', 'rejected late']);
  });

  test('each request is timed, each error counted', async () => {
    const before = fn.output.length;
    await invoke('thrown');
    await fn.log();
    const emitted = emittedMetrics(fn.output.slice(before))
      .map(({ namespace, name, dimensions }) => `${namespace} ${name} ${Object.values(dimensions).join('|')}`);
    expect(emitted).toEqual([
      'MangaAssist/Latency EndToEndMs chat|API|test', 'MangaAssist/Latency EndToEndMs chat|test', 'MangaAssist/Latency EndToEndMs test',
      'MangaAssist/Errors ErrorCount chat|INTERNAL_ERROR|test', 'MangaAssist/Errors ErrorCount INTERNAL_ERROR|test',
      'MangaAssist/Errors ErrorCount chat|test', 'MangaAssist/Errors ErrorCount test',
    ]);
  });
});
