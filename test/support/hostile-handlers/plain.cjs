const { AsyncLocalStorage } = require('node:async_hooks');
const { EventEmitter, once } = require('node:events');
const { promisify } = require('node:util');
const { runInNewContext } = require('node:vm');
const { EnvelopeError, partial, standardHandler, success, toErrorEnvelope } = require(process.env.RUNTIME);
const { acts, dispatch, secret, wait } = require('./outcome.cjs');

/** A shape whose failure is `fail`, thrown or returned as it stands. */
const failingWith = fail => (act, outcome) => async () => {
  if (outcome === 'thrown') throw fail();
  return outcome === 'returned' ? fail() : act();
};
const proxy = (body, more = {}) => ({ statusCode: 200, headers: { 'x-a': '1' }, body: JSON.stringify(body), ...more });
/** A shape that returns `good`, and an error in the way of its own. */
const returning = (good, failed) => (act, outcome) => async () => (outcome === 'success' ? good(act()) : outcome === 'thrown' ? act() : failed());

exports.shapes = {
  'async function': act => async () => act(),
  'function': act => () => act(),
  'promise': act => () => Promise.resolve().then(act),
  'promise of a timer': act => () => wait(2).then(act),
  'thenable': act => () => ({ then: (resolve, reject) => { try { resolve(act()); } catch (error) { reject(error); } } }),
  'bound method': act => { class App { act = act; async run() { return this.act(); } } const app = new App(); return app.run.bind(app); },
  'proxy of a function': act => new Proxy(async () => act(), { apply: (target, self, args) => Reflect.apply(target, self, args) }),
  'promisified function': act => promisify((event, context, done) => { try { done(null, act()); } catch (error) { done(error); } }),
  'in its own asynchronous context': act => async () => new AsyncLocalStorage().run({}, async () => act()),
  'out of every asynchronous context': act => async () => new Promise((resolve, reject) => { AsyncLocalStorage.snapshot()(() => wait(1).then(act).then(resolve, reject)); }),
  'event of an emitter': act => async () => { const emitter = new EventEmitter(); setImmediate(() => emitter.emit('go')); await once(emitter, 'go'); return act(); },
  'error that nobody catches': (act, outcome) => async () => { if (outcome === 'thrown') { setTimeout(act); await wait(5000); } return act(); },
  'rejection that nobody catches': (act, outcome) => async () => { if (outcome === 'thrown') { Promise.reject(secret()); await wait(5000); } return act(); },
  'error of another realm': failingWith(() => Object.assign(runInNewContext('new Error("no right to arn:aws:iam::123456789012:role/x")'), { config: 1 })),
  'error with a cause': failingWith(() => new Error('outer', { cause: secret() })),
  'aggregate error': failingWith(() => new AggregateError([secret(), secret()], 'both')),
  'frozen error': failingWith(() => Object.freeze(secret())),
  'error with a throwing getter': failingWith(() => Object.defineProperty(secret(), 'message', { get: () => { throw secret(); } })),
  'error of a subclass': failingWith(() => new (class ShopError extends Error { name = 'ShopError'; })('arn:aws:iam::123456789012:role/x')),
  'error of an abort': failingWith(() => new DOMException('The operation was aborted at /var/task/index.js', 'AbortError')),
  'error of the standard': failingWith(() => new EnvelopeError('NOT_FOUND', 'No such order.')),
  'error with 20,000 errors': failingWith(() => Object.assign(secret(), { errors: Array.from({ length: 20_000 }, secret) })),
  'proxy result': returning(proxy, () => proxy({ message: String(secret().stack) }, { statusCode: 500 })),
  'proxy result with text for a status': returning(data => proxy(data, { statusCode: '200' }), () => proxy(secret().message, { statusCode: '502' })),
  'proxy result in base64': returning(
    data => proxy(0, { isBase64Encoded: true, body: Buffer.from(JSON.stringify(data)).toString('base64') }),
    () => proxy(0, { statusCode: 500, isBase64Encoded: true, body: Buffer.from(secret().stack).toString('base64') }),
  ),
  'proxy result with an envelope': returning(data => proxy(success(data)), () => proxy(toErrorEnvelope(secret()), { statusCode: 500 })),
  'envelope': returning(success, () => toErrorEnvelope(secret())),
  'partial envelope': returning(data => partial(data, 'RETRIEVAL_FAILED'), () => toErrorEnvelope(secret())),
  'standardHandler': act => standardHandler(async () => act()),
  'standardHandler twice': act => standardHandler(standardHandler(async () => act())),
  'standardHandler with a copied context': act => (event, context) => standardHandler(async () => act())(event, { ...context }),
  'middleware by hand': act => async event => { const before = { ...event }; try { return await act(before); } catch (error) { console.error('failed', error.name); throw error; } },
  'parallel work of which the first fails': act => async () => (await Promise.all([wait(1).then(act), wait(20), wait(5).then(() => 1)]))[0],
  'race with a time limit': act => async () => Promise.race([wait(2).then(act), wait(3000).then(() => { throw new Error('slow'); })]),
};
exports.handler = (event, context) => dispatch(exports.shapes)(event, context);
exports.acts = acts;
