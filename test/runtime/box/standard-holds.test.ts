import type { Envelope } from '../../../runtime/node/envelope/envelope';
import type { RuntimeAnswer } from '../../support/runtime-api-server';
import { httpEvent, OTHER_EVENTS } from '../../support/runtime-events';
import { LambdaFunction } from '../../support/runtime-function';
import { GENERATIONS, NODE_22, NODE_24 } from '../../support/runtime-generations';
import { emittedMetrics } from '../../support/runtime-log';

jest.setTimeout(180_000);

const SECRET = 'no right to arn:aws:iam::123456789012:role/x at /var/task/index.js';
const CODE = `
  const { EventEmitter } = require('node:events');
  const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
  const secret = new Error('${SECRET}');
  let pooled;
  const cases = {
    plain: async () => ({ ok: true }),
    boom: async () => { throw secret; },
    succeed: async (event, context) => { context.succeed({ raw: true }); },
    succeedLater: (event, context) => new Promise(() => setTimeout(() => context.succeed({ raw: true }), 5)),
    succeedTwice: async (event, context) => { context.succeed({ raw: true }); context.succeed({ raw: 'again' }); return 'returned'; },
    succeedAfterwards: async (event, context) => { setTimeout(() => context.succeed({ raw: true }), 30); return { ok: true }; },
    succeedWithError: async (event, context) => { context.succeed(secret); },
    done: async (event, context) => { context.done(null, { raw: true }); },
    doneWithError: async (event, context) => { context.done(secret); },
    fail: async (event, context) => { context.fail(secret); },
    failWithNothing: async (event, context) => { context.fail(); },
    forgotten: async () => { Promise.reject(secret); await wait(50); return { ok: true }; },
    forgottenText: async () => { Promise.reject('${SECRET}'); await wait(50); return { ok: true }; },
    forgottenLater: async () => { setTimeout(() => Promise.reject(secret), 20); return { ok: true }; },
    uncaught: async () => { setTimeout(() => { throw secret; }); await wait(50); return { ok: true }; },
    uncaughtLater: async () => { setTimeout(() => { throw secret; }, 20); return { ok: true }; },
    returned: async () => Object.assign(secret, { config: { headers: { Authorization: 'Bearer s' } } }),
    connect: async () => {
      pooled = new EventEmitter();
      const socket = setInterval(() => pooled.emit('tick'), 5);
      pooled.once('close', () => clearInterval(socket));
      return { ok: true };
    },
    pooled: async () => {
      pooled.once('tick', () => { pooled.emit('close'); throw secret; });
      await wait(10_000);
    },
  };
  exports.handler = (event, context) => cases[event.case](event, context);`;

function envelopeOf(answer: RuntimeAnswer): Envelope {
  expect(answer.kind).toBe('response');
  expect(answer.body).not.toMatch(/arn:|123456789012|\/var\/task|Bearer|trace/);
  const { body } = JSON.parse(answer.body) as { body: string };
  return JSON.parse(body) as Envelope;
}

const FINE = { status: 'success', data: { ok: true }, error: null };
const RAW = { status: 'success', data: { raw: true }, error: null };
const FAILED = { status: 'error', data: null, error: { code: 'INTERNAL_ERROR' } };

describe.each(GENERATIONS)('on %s no handler gets out of the standard', (_name, generation) => {
  // What Lambda does not offer cannot be called.
  const offered = (envelope: object) => (generation === NODE_22 ? envelope : FAILED);
  const cases: [string, object][] = [
    ['succeed', offered(RAW)], ['boom', FAILED], ['succeedLater', offered(RAW)], ['boom', FAILED], ['succeedTwice', offered(RAW)],
    ['boom', FAILED],
    ['succeedAfterwards', FINE], ['boom', FAILED], ['succeedWithError', FAILED], ['done', offered(RAW)], ['boom', FAILED],
    ['doneWithError', FAILED],
    ['plain', FINE], ['fail', FAILED], ['plain', FINE], ['failWithNothing', FAILED], ['forgotten', FAILED], ['plain', FINE],
    ['forgottenText', FAILED],
    ['forgottenLater', FINE], ['plain', FINE], ['uncaught', FAILED], ['uncaughtLater', FINE], ['plain', FINE], ['returned', FAILED],
    ['boom', FAILED],
  ];
  let fn: LambdaFunction;
  beforeAll(async () => { fn = await LambdaFunction.start({ generation, code: { 'index.js': CODE } }); });
  afterAll(() => fn.stop());

  test('one after the other in one process, each answer is an envelope and is timed', async () => {
    const answers = [];
    for (const [name] of cases) {
      const envelope = envelopeOf(await fn.invoke(httpEvent({ case: name }), 5000));
      answers.push([name, envelope]);
      if (/Later|Afterwards/.test(name)) await new Promise(resolve => setTimeout(resolve, 60));
    }
    expect(answers).toEqual(cases.map(([name, envelope]) => [name, expect.objectContaining({
      ...envelope, ...('error' in envelope && envelope.error !== null && { error: expect.objectContaining(envelope.error!) as object }),
    })]));
    await fn.log();
    const timed = emittedMetrics(fn.output).filter(({ name, dimensions }) => name === 'EndToEndMs' && dimensions.request_type);
    expect(timed.map(({ dimensions }) => dimensions.request_type)).toEqual(cases.map(() => 'API'));
  });

  test('an error in a callback of a connection that an earlier request opened belongs to the request that waits for it', async () => {
    await fn.invoke(httpEvent({ case: 'connect', requestContext: { requestId: 'request-1' } }));
    await fn.invoke(httpEvent({ case: 'plain', requestContext: { requestId: 'request-2' } }));
    const before = fn.output.length;
    const start = Date.now();
    const envelope = envelopeOf(await fn.invoke(httpEvent({ case: 'pooled', requestContext: { requestId: 'request-3' } }), 9000));
    expect(envelope).toMatchObject({ ...FAILED, request_id: 'request-3' });
    expect(Date.now() - start).toBeLessThan(2000);
    await fn.log();
    expect(fn.output.slice(before)).toContain('"request_id":"request-3"');
    expect(fn.output.slice(before)).not.toContain('request-1');
  });

  test('an event that is not HTTP fails with what the handler hands over as an error, and the next is served', async () => {
    const event = (name: string) => fn.invoke({ ...OTHER_EVENTS.SQS as object, case: name }, 5000);
    for (const name of ['boom', 'returned', 'forgotten', 'uncaught', 'fail', 'doneWithError']) {
      expect([name, (await event(name)).kind]).toEqual([name, 'error']);
    }
    expect(await event('plain')).toMatchObject({ kind: 'response', body: '{"ok":true}' });
    expect(await event('succeed')).toMatchObject(generation === NODE_22 ? { kind: 'response', body: '{"raw":true}' } : { kind: 'error' });
  });
});

describe('callback handlers', () => {
  const CALLBACKS = `
    const late = callback => setTimeout(() => callback(null, { from: 'callback' }), 20);
    const returns = {
      nothing: () => undefined, flag: () => true, timer: timer => timer, text: () => 'returned',
      request: () => ({ headers: { Authorization: 'Bearer s' } }),
    };
    exports.handler = (event, context, callback) => {
      if (event.case === 'error') return void callback(new Error('${SECRET}'));
      if (event.case === 'errorAsResult') return void callback(null, new Error('${SECRET}'));
      if (event.case === 'promise') return Promise.resolve({ from: 'promise' });
      return returns[event.case](late(callback));
    };`;

  test('on Node.js 22 wait for the callback, whatever else they return but a promise', async () => {
    await LambdaFunction.with({ generation: NODE_22, code: { 'index.js': CALLBACKS } }, async fn => {
      const answer = async (name: string) => envelopeOf(await fn.invoke(httpEvent({ case: name }), 5000));
      for (const name of ['nothing', 'flag', 'timer', 'text', 'request']) {
        expect([name, (await answer(name)).data]).toEqual([name, { from: 'callback' }]);
      }
      expect((await answer('promise')).data).toEqual({ from: 'promise' });
      expect(await answer('error')).toMatchObject(FAILED);
      expect(await answer('errorAsResult')).toMatchObject(FAILED);
    });
  });

  test('on Node.js 24 fail the start, with the name of the error that Lambda itself gives', async () => {
    for (const layer of [true, false]) {
      await LambdaFunction.with({ generation: NODE_24, code: { 'index.js': CALLBACKS }, layer }, async fn => {
        expect((await fn.startError()).errorType).toBe('Runtime.CallbackHandlerDeprecated');
      });
    }
  });

  test('on Node.js 24 get no callback, however few parameters they name', async () => {
    const code = { 'index.js': 'exports.handler = (...args) => args.length;' };
    await LambdaFunction.with({ generation: NODE_24, code }, async fn => expect(envelopeOf(await fn.invoke(httpEvent())).data).toBe(2));
  });
});
