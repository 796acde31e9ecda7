import fc from 'fast-check';
import { EnvelopeError, partial, success } from '../../../runtime/node/envelope/envelope';
import { ERROR_CODES } from '../../../src/contract/data';

/** What must never leave; each is planted where only an error or a failed answer holds it. */
const SECRETS = [
  'arn:aws:iam::123456789012:role/chat',
  'arn:aws-cn:bedrock:cn-north-1::foundation-model/x',
  '210987654321',
  'account 111122223333',
  '/var/task/index.js',
  '/opt/nodejs/plumbline/start.js',
  '/home/user/project/src/app.ts',
  'C:\\Users\\dev\\app.js',
  'AKIAIOSFODNN7EXAMPLE',
  'Bearer sk_live_abcdefghijkl',
  'password=hunter2',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  'Error: x\n    at handler (/var/task/index.js:10:5)',
  'at async file:///var/task/index.mjs:3:9',
  'Traceback (most recent call last):\n  File "app.py", line 3',
  'node_modules/left-pad/index.js',
  'ABSKQmVkcm9ja0FQSUtleS1hYmNkLWF0LTEyMzQ1',
  'sk-proj-abcDEF123456ghi',
  'openai/4.1.2',
  'dbPassword: hunter2',
];
export const LEAK = new RegExp(
  'arn:aws|123456789012|210987654321|111122223333|/var/task|/opt/nodejs|/home/user|Users.{1,4}dev|AKIA|sk_live|hunter2|eyJhbGci|' +
    'at handler|at async|Traceback|app\\.py|node_modules|ABSK|sk-proj|4\\.1\\.2',
);

const secret = fc.constantFrom(...SECRETS);
const planted = fc.tuple(fc.string({ maxLength: 20 }), secret, fc.string({ maxLength: 20 })).map(parts => parts.join(' '));
const code = fc.constantFrom(...Object.keys(ERROR_CODES.codes) as EnvelopeError['code'][]);
const exceptionName = fc.oneof(
  fc.constantFrom(...Object.keys(ERROR_CODES.exceptions)),
  fc.constantFrom('Error', 'TypeError', 'KeyError', '__proto__', 'EnvelopeError'),
  planted,
);

const plainError = fc.record({ name: exceptionName, message: planted, code: fc.option(planted, { nil: undefined }) })
  .map(({ name, message, ...rest }) => Object.assign(new Error(message), { name, ...rest }));
const nestedError = fc.tuple(plainError, plainError).map(([outer, cause]) => Object.assign(outer, { cause }));
const aggregateError = fc
  .tuple(fc.array(plainError, { maxLength: 3 }), planted)
  .map(([errors, message]) => new AggregateError(errors, message));
const envelopeError = fc.tuple(code, planted, plainError).map(([chosen, message, cause]) => new EnvelopeError(chosen, message, { cause }));
const hostile = fc.constantFrom<() => unknown>(
  () => new Proxy({}, { get: () => { throw new Error(SECRETS[0]); } }),
() => Object.defineProperty(new Error(SECRETS[0]), 'message', { get: () => { throw new Error(SECRETS[1]); } }),
() => { const error = new Error(SECRETS[0]); error.cause = error; return error; },
() => Object.create(null) as unknown,
() => ({ toString: () => { throw new Error(SECRETS[0]); }, toJSON: () => { throw new Error(SECRETS[0]); } }),
).map(make => make());

const anything = fc.oneof(planted, fc.constantFrom(null, undefined, 0, NaN, true, Symbol('x'), 1n), fc.object());

/** Anything a handler can throw. */
export const thrown = fc.oneof(plainError, nestedError, aggregateError, envelopeError, hostile, anything);

const errorBody = fc.record({ code, message: planted, retryable: fc.boolean(), support_ref: fc.oneof(fc.constant('mine'), secret) });
const ownEnvelope = fc.tuple(errorBody, fc.oneof(fc.constant('mine'), secret))
  .map(([error, request_id]) => ({ status: 'error', request_id, data: null, error }));
const failedBody = fc.oneof(
  planted,
  planted.map(message => JSON.stringify({ message })),
  fc.tuple(fc.constantFrom(...ERROR_CODES.ownErrors.messageFields), planted).map(([field, text]) => JSON.stringify({ [field]: text })),
  planted.map(text => JSON.stringify({ error: { code: text, message: text } })),
  planted.map(text => JSON.stringify(text)),
  ownEnvelope.map(body => JSON.stringify(body)),
  ownEnvelope.map(body => JSON.stringify({ ...body, stack: SECRETS[12] })),
  planted.map(text => Buffer.from(text).toString('base64')),
  fc.constantFrom(undefined, null, '', '{', '[]'),
  fc.record({ trace: planted }),
);
const failedProxy = fc.record({
  statusCode: fc.oneof(fc.integer({ min: 400, max: 599 }), fc.integer({ min: 400, max: 599 }).map(String)),
  body: failedBody,
  headers: fc.option(fc.record({ 'x-debug': planted }), { nil: undefined }),
  isBase64Encoded: fc.boolean(),
  trace: planted,
}, { requiredKeys: ['statusCode'] });

/** Results in which a secret stands only where the standard keeps it: data is the handler's own business, and holds none here. */
const data = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(undefined, 1n, Symbol('x'), () => 1, NaN, new Map([[1, 2]]), new Date(0), circular()),
);
const goodProxy = fc.record(
  {
    statusCode: fc.oneof(fc.integer({ min: 100, max: 399 }), fc.constantFrom(204, 205, 304)),
    body: fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map(value => JSON.stringify(value)),
      fc.string({ maxLength: 30 }),
      fc.constantFrom(undefined, null, ''),
    ),
    isBase64Encoded: fc.boolean(),
    headers: fc.dictionary(fc.constantFrom('X-One', 'Content-Type', 'ETag'), fc.string({ maxLength: 10 })),
  },
  { requiredKeys: ['statusCode'] },
);
const ownAnswer = fc.oneof(
  data.map(value => success(value)),
  fc.tuple(data, fc.oneof(code, envelopeError, plainError)).map(([value, error]) => partial(value, error)),
  ownEnvelope,
);

const returnedError = fc.oneof(plainError, nestedError, aggregateError, envelopeError)
  .chain(error => fc.constantFrom<unknown>(error, success(error), { statusCode: 200, body: error }, { failed: [error] }));

/** Anything a handler can return. */
export const returned = fc.oneof(data, failedProxy, goodProxy, ownAnswer, returnedError);

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
