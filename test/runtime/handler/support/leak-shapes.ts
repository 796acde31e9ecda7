import { gzipSync } from 'zlib';
import { EnvelopeError, partial, success } from '../../../../runtime/node/envelope/envelope';
import { ERROR_CODES } from '../../../../src/contract/data';
import { SECRET_TEXTS } from '../../telemetry/support/redaction-vectors';

/** A text, and the part of it that may not leave. */
interface Leak {
  readonly text: string;
  readonly secret: string;
}

/** What tells about the inside of a service. */
const INSIDE: readonly Leak[] = [
  ['arn:aws:iam::123456789012:role/chat', 'role/chat'],
  ['arn:aws-cn:bedrock:cn-north-1::foundation-model/x', 'foundation-model'],
  ['account 210987654321 has no access', '210987654321'],
  ['/var/task/index.js', 'var/task'],
  ['cannot open "/opt/nodejs/plumbline/start.js"', 'opt/nodejs'],
  ['ENOENT: /home/user/project/app', 'home/user'],
  ['C:\\Users\\dev\\app.js', 'Users'],
  ['file:///srv/handler.mjs', 'srv/handler'],
  ['node_modules/left-pad', 'left-pad'],
  ['Error: x\n    at handler (/var/task/index.js:10:5)', 'at handler'],
  ['at async file:///var/task/index.mjs:3:9', 'index.mjs'],
  ['at com.example.Handler.handle(Handler.java:12)', 'com.example'],
  ['Traceback (most recent call last):\n  File "app.py", line 3', 'Traceback'],
  ['  File "/srv/app.py", line 3, in handler', 'app.py'],
  ['goroutine 1 [running]:\nmain.go:10', 'goroutine'],
  ['openai/4.1.2 (linux)', 'openai/4.1.2'],
  ['axios@1.6.0', 'axios@1.6.0'],
  ['Python/3.11.4 boto3/1.34.0', 'boto3'],
  ['Node.js v20.11.1', 'v20.11'],
].map(([text, secret]) => ({ text, secret }));

export const LEAKS: readonly Leak[] = [...INSIDE, ...SECRET_TEXTS];

type Behaviour = { readonly throws: unknown } | { readonly returns: unknown };
type Carrier = readonly [what: string, carry: (text: string) => Behaviour];

const httpError = (text: string) => Object.assign(new Error(text), {
  name: 'AxiosError',
  code: text,
  config: { headers: { Authorization: text }, url: text },
  response: { data: text },
  toJSON: () => ({ message: text, stack: text, config: text }),
});
const NOT_FOUND = { code: 'NOT_FOUND', message: 'No such order.', retryable: false, support_ref: 'mine' };
const envelope = (changed: object, error: object = {}) => ({
  status: 'error',
  request_id: 'mine',
  data: null,
  error: Object.defineProperties({ ...NOT_FOUND }, Object.getOwnPropertyDescriptors(error)),
  ...changed,
});
const proxy = (body: unknown, more: object = {}) => ({
  statusCode: 404, body: typeof body === 'string' ? body : JSON.stringify(body), ...more,
});
const inBase64 = (text: string) => ({ isBase64Encoded: true, body: Buffer.from(text).toString('base64') });
const inGzip = (text: string) => ({
  isBase64Encoded: true, headers: { 'content-encoding': 'gzip' }, body: gzipSync(text).toString('base64'),
});
/** A key that stands twice: the first one carries. */
const twice = (key: string, text: string) =>
  JSON.stringify(envelope({})).replace(`"${key}":`, `"${key}":${JSON.stringify(text)},"${key}":`);

const THROWN: readonly Carrier[] = [
  ['an error', text => ({ throws: new Error(text) })],
  ['an error of that name', text => ({ throws: Object.assign(new Error('x'), { name: text }) })],
  ['an error with that stack', text => ({ throws: Object.assign(new Error('x'), { stack: text }) })],
  [
    'an error of AWS',
    text => ({ throws: Object.assign(new Error(text), { name: 'ValidationException', $metadata: { requestId: text } }) }),
  ],
  ['an error of an HTTP client', text => ({ throws: httpError(text) })],
  ['a cause', text => ({ throws: new Error('x', { cause: new Error(text) }) })],
  ['errors', text => ({ throws: new AggregateError([new Error(text), text], text) })],
  ['a text', text => ({ throws: text })],
  ['an object', text => ({ throws: { message: text, error: text } })],
  ['an EnvelopeError', text => ({ throws: new EnvelopeError('NOT_FOUND', text) })],
  ['an EnvelopeError in a sentence', text => ({ throws: new EnvelopeError('INVALID_REQUEST', `It failed: ${text}`) })],
  ['an EnvelopeError of an unknown code', text => ({ throws: new EnvelopeError(text as never, text) })],
  ['the cause of an EnvelopeError', text => ({ throws: new EnvelopeError('TIMEOUT', undefined, { cause: new Error(text) }) })],
  ['a proxy result', text => ({ throws: proxy(text) })],
  ['an envelope', text => ({ throws: envelope({ request_id: text }, { message: text }) })],
];

const asObject = (text: string) => ({ name: 'Error', message: text, stack: stackOf(text) });
const stackOf = (text: string) => `Error: x\n    at handler (/srv/index.js:1:2)\n${text}`;

const RETURNED: readonly Carrier[] = [
  ['an error that a library made an object of', text => ({ returns: asObject(text) })],
  ['such an object among the data', text => ({ returns: { error: asObject(text) } })],
  ['such an object in a proxy result', text => ({ returns: { statusCode: 200, body: JSON.stringify(asObject(text)) } })],
  ['an error behind a toJSON', text => ({ returns: { toJSON: () => httpError(text) } })],
  ['an error behind a toJSON among the data', text => ({ returns: { a: { toJSON: () => httpError(text) } } })],
  ['an error', text => ({ returns: new Error(text) })],
  ['an error of an HTTP client', text => ({ returns: httpError(text) })],
  ['an error with a status', text => ({ returns: Object.assign(httpError(text), { statusCode: 200, body: text }) })],
  ['an error in a proxy result', text => ({ returns: { statusCode: 200, body: httpError(text) } })],
  ['an error as data', text => ({ returns: success(httpError(text)) })],
  ['an error among the data', text => ({ returns: { ok: false, error: httpError(text) } })],
  ['errors of settled promises', text => ({ returns: [{ status: 'rejected', reason: httpError(text) }] })],
  ['an error among the data of a proxy result', text => ({ returns: { statusCode: 200, body: { error: httpError(text) } } })],
  ['a partial answer of a caught error', text => ({ returns: partial([1], httpError(text)) })],
  ['a partial answer of an EnvelopeError', text => ({ returns: partial([1], new EnvelopeError('TIMEOUT', text)) })],
  ['a failed proxy result', text => ({ returns: proxy(text, { statusCode: 500 }) })],
  ['a failed proxy result with JSON', text => ({ returns: proxy({ message: text, stack: text }) })],
  ['a failed proxy result in base64', text => ({ returns: proxy('', inBase64(text)) })],
  ['a failed proxy result in gzip', text => ({ returns: proxy('', inGzip(text)) })],
  ['a failed proxy result with a status in text', text => ({ returns: { statusCode: '502', body: text } })],
  ['a failed proxy result with further fields', text => ({ returns: { statusCode: 500, trace: text } })],
  ['a failed proxy result with a success', text => ({ returns: proxy(success({ debug: text }), { statusCode: 500 }) })],
];

/** Errors of 4xx of the handler's own, which keep their status and their text. */
const OWN_ERRORS: readonly Carrier[] = [
  ...ERROR_CODES.ownErrors.messageFields.flatMap((field): Carrier[] => [
    [`${field}`, text => ({ returns: proxy({ [field]: text }) })],
    [`${field} in a sentence`, text => ({ returns: proxy({ [field]: `It failed: ${text}.` }, { statusCode: 422 }) })],
  ]),
  ['the message of the error', text => ({ returns: proxy({ error: { code: text, message: text } }) })],
  ['a text in JSON', text => ({ returns: proxy(JSON.stringify(text)) })],
  ['a text that is no JSON', text => ({ returns: proxy(text, { headers: { 'content-type': 'text/plain' } }) })],
  ['a page', text => ({ returns: proxy(`<html>${text}</html>`, { headers: { 'content-type': 'text/html' } }) })],
  ['a further field', text => ({ returns: proxy({ message: 'No such order.', trace: text, errors: [text] }) })],
  ['an error with its stack', text => ({ returns: proxy(asObject(text), { statusCode: 400 }) })],
  ['an error that is the body', text => ({ returns: { statusCode: 404, body: httpError(text) } })],
  ['an object for a body', text => ({ returns: { statusCode: 409, body: { message: text } } })],
  ['a message in base64', text => ({ returns: proxy('', inBase64(JSON.stringify({ message: text }))) })],
  ['a message in gzip', text => ({ returns: proxy('', inGzip(JSON.stringify({ message: text }))) })],
  ['a getter that changes', text => ({ returns: { statusCode: 404, body: changing('No such order.', text) } })],
  ['a success envelope', text => ({ returns: proxy(success({ message: text })) })],
  ['an envelope with a key too many', text => ({ returns: proxy({ ...envelope({}, { message: text }), trace: text }) })],
  ['its headers', text => ({
    returns: proxy({ message: 'x' }, {
      headers: { 'X-Debug': text, 'Retry-After': text, 'Content-Type': text, 'ETag': text }, multiValueHeaders: { Vary: [text] },
    }),
  })],
  ['its status description', text => ({ returns: proxy({ message: 'x' }, { statusDescription: text }) })],
];

const HEADERS: readonly Carrier[] = [
  ['a header', text => ({ returns: proxy(envelope({}), { headers: { 'X-Debug': text } }) })],
  ['a header that may stay', text => ({
    returns: proxy(envelope({}), { headers: { 'X-Request-Id': text, 'Content-Type': text, 'Vary': text, 'WWW-Authenticate': text } }),
  })],
  ['a header of several values', text => ({
    returns: proxy(envelope({}), { multiValueHeaders: { 'X-Debug': ['1', text], 'Cache-Control': ['no-store', text] } }),
  })],
  ['a header of a violation', text => ({
    returns: proxy('x', { headers: { 'Access-Control-Allow-Origin': text, 'Vary': text }, multiValueHeaders: { Vary: [text] } }),
  })],
];

const OWN_ENVELOPES: readonly Carrier[] = [
  ['the message', text => ({ returns: envelope({}, { message: text }) })],
  ['the message in a sentence', text => ({ returns: envelope({}, { message: `It failed: ${text}.` }) })],
  ['the support_ref', text => ({ returns: envelope({}, { support_ref: text }) })],
  ['the request_id', text => ({ returns: envelope({ request_id: text }) })],
  ['the request_id of a success', text => ({ returns: { ...success(1), request_id: text } })],
  ['a further key', text => ({ returns: proxy({ ...envelope({}), stack: text }) })],
  ['a further key of the error', text => ({ returns: proxy(envelope({}, { stack: text })) })],
  ['the message in a proxy result', text => ({ returns: proxy(envelope({}, { message: text })) })],
  ['the ids in a proxy result', text => ({ returns: proxy(envelope({ request_id: text }, { support_ref: text })) })],
  ['the message in a proxy result of status 200', text => ({ returns: proxy(envelope({}, { message: text }), { statusCode: 200 }) })],
  ['a status that stands twice', text => ({ returns: proxy(twice('status', text)) })],
  ['a request_id that stands twice', text => ({ returns: proxy(twice('request_id', text)) })],
  ['a message that stands twice', text => ({ returns: proxy(twice('message', text)) })],
  ['data that stands twice', text => ({ returns: proxy(twice('data', text)) })],
  ['an error that stands twice', text => ({ returns: proxy(twice('error', text)) })],
  ['the message in base64', text => ({ returns: proxy('', inBase64(JSON.stringify(envelope({}, { message: text })))) })],
  ['a toJSON', text => ({ returns: envelope({ error: Object.assign(Object.create({ toJSON: () => text }) as object, NOT_FOUND) }) })],
  ['a getter that changes', text => ({ returns: envelope({}, changing('No such order.', text)) })],
];

export const CARRIERS: readonly (readonly [kind: string, carriers: readonly Carrier[]])[] =
  [
    ['thrown', THROWN], ['returned', RETURNED], ['in an error of 4xx', OWN_ERRORS], ['in headers', HEADERS],
    ['in an envelope of the handler\'s own', OWN_ENVELOPES],
  ];

/** A message that is harmless while it is checked. */
function changing(first: string, later: string): object {
  let reads = 0;
  return { get message(): string { reads += 1; return reads <= 2 ? first : later; } };
}
