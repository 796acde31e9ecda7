import {
  EnvelopeError,
  partial,
  serializeEnvelope,
  success,
  toErrorEnvelope,
  type Envelope,
} from '../../../runtime/node/envelope/envelope';
import { isEnvelope } from '../../../runtime/node/envelope/envelope-check';
import { newInvocation, withInvocation } from '../../../runtime/node/telemetry/invocation';
import { CapturedOutput } from '../../support/runtime-output';

const output = CapturedOutput.install();

function inRequest<T>(run: () => T): T {
  return withInvocation(newInvocation('API', { requestContext: { requestId: 'gateway-1' } }, { awsRequestId: 'lambda-1' }), run);
}

test('success holds data under the request id that the caller knows', () => {
  expect(inRequest(() => success({ answer: 42 }))).toEqual({
    status: 'success',
    request_id: 'gateway-1',
    data: { answer: 42 },
    error: null,
  });
  expect(success().data).toBeNull();
});

test('partial holds what there is and why the rest is missing', () => {
  const envelope = inRequest(() => partial(['one'], 'RETRIEVAL_FAILED'));
  expect(envelope).toMatchObject({
    status: 'partial',
    request_id: 'gateway-1',
    data: ['one'],
    error: { code: 'RETRIEVAL_FAILED', retryable: true },
  });
  expect(isEnvelope(envelope)).toBe(true);
});

test('partial maps a caught error as an error envelope would', () => {
  const thrown = Object.assign(new Error('Rate exceeded for arn:aws:x'), { name: 'ThrottlingException' });
  expect(partial(null, thrown).error).toMatchObject({
    code: 'THROTTLE',
    message: 'Too many requests. Back off, then retry.',
    retryable: true,
  });
});

test('an unknown error leaves nothing of itself, and is in the log under its support_ref', () => {
  const cause = new Error('password=hunter2 at arn:aws:iam::123456789012:role/chat');
  const envelope = inRequest(() => toErrorEnvelope(new Error('outer', { cause })));
  expect(envelope).toEqual({
    status: 'error',
    request_id: 'gateway-1',
    data: null,
    error: {
      code: 'INTERNAL_ERROR',
      message: 'The service failed. Report the support_ref.',
      retryable: false,
      support_ref: envelope.error!.support_ref,
    },
  });
  const [line] = output.events('handler_error');
  expect(line).toMatchObject({
    level: 'ERROR',
    support_ref: envelope.error!.support_ref,
    request_id: 'gateway-1',
    function_request_id: 'lambda-1',
    error_code: 'INTERNAL_ERROR',
  });
  expect(line.errors).toMatchObject([
    { name: 'Error', message: 'outer' },
    { message: 'password=[redacted] arn:aws:iam::123456789012:role/chat' },
  ]);
});

test('an EnvelopeError answers with its own code and message', () => {
  expect(toErrorEnvelope(new EnvelopeError('NOT_FOUND', 'There is no order 7.')).error).toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no order 7.',
    retryable: false,
  });
  expect(toErrorEnvelope(new EnvelopeError('TIMEOUT')).error!.message).toBe('The answer did not come in time. Retry.');
});

test.each([
  ['end_turn', undefined],
  [undefined, undefined],
  ['guardrail_intervened', 'CONTENT_POLICY_VIOLATION'],
  ['content_filter', 'CONTENT_POLICY_VIOLATION'],
  ['malformed_tool_use', 'MODEL_UNAVAILABLE'],
  ['model_context_window_exceeded', 'CONTEXT_TOO_LARGE'],
  ['LENGTH', 'INTERNAL_ERROR'],
  ['constructor', undefined],
])('an answer of a model that ended by %s is the error %s', (reason, code) => {
  expect(EnvelopeError.ofStopReason(reason)?.code).toBe(code);
});

test('an EnvelopeError keeps its cause for the log', () => {
  toErrorEnvelope(new EnvelopeError('RETRIEVAL_FAILED', undefined, { cause: new Error('index is gone') }));
  expect(output.events('handler_error')[0].errors).toMatchObject([{ name: 'EnvelopeError' }, { message: 'index is gone' }]);
});

test.each([
  ['an ARN', 'not allowed on arn:aws:bedrock:us-east-1::foundation-model/x'],
  ['an account id', 'account 123456789012 has no access'],
  ['a JavaScript stack', 'Error: x\n    at handler (file:///srv/index.js:1:2)'],
  ['a Python traceback', 'Traceback (most recent call last):'],
  ['a line of a Python traceback', 'File "app.py", line 3, in handler'],
  ['a path', 'cannot open /var/task/config.json'],
  ['a path of Windows', 'cannot open C:\\app\\config.json'],
  ['a module path', 'in node_modules/left-pad'],
  ['an access key', 'key AKIAIOSFODNN7EXAMPLE is not valid'],
  ['a bearer token', 'Bearer abcdefghijklmnop was refused'],
  ['a long-term Bedrock key', 'ABSKQmVkcm9ja0FQSUtleS1hYmNkLWF0LTEyMzQ1Njc4 is not valid'],
  ['a short-term Bedrock key', 'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t is not valid'],
  ['a key of OpenAI', 'Incorrect API key provided: sk-proj-abcDEF123456ghi'],
  ['a key of Anthropic', 'sk-ant-api03-abcDEF123456ghi is not valid'],
  ['a token of GitHub', 'ghp_abcDEF123456abcDEF123456abcDEF123456 has expired'],
  ['a password in a URL', 'cannot reach redis://:hunter2@cache:6379'],
  ['a token in a URL', 'GET https://h/p?access_token=abc failed'],
  ['a version of a library', 'openai/4.1.2 failed'],
  ['a version of a package', 'axios@1.6.0 failed'],
  ['a version of a runtime', 'needs Node.js v20.11 or newer'],
  ['a version of a user agent', 'aws-sdk-js/3.500.0 ua/2.0 os/linux'],
  ['a URL of a file', 'cannot import file:///srv/handler.mjs'],
  ['a path behind a colon', 'ENOENT:/tmp/x'],
  ['a line of a file', 'failed in handler.ts:12'],
  ['a frame of Java', 'at com.example.Handler.handle(Handler.java)'],
  ['a frame of Go', 'goroutine 1 [running]:'],
  ['a package of Python', 'in site-packages/boto'],
  ['an encoded ARN', 'arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fchat may not'],
  ['too many characters', 'x'.repeat(2000)],
  ['no character', ''],
  ['nothing to be seen', ' \n'],
  ['an address of the inside', 'connect ECONNREFUSED 10.0.12.7:5432'],
  ['an address of the host', 'cannot reach 172.31.0.2'],
  ['a host of the inside', 'getaddrinfo ENOTFOUND db.shop.internal'],
  ['a host of a database', 'no answer of shop.cluster-c1.us-east-1.rds.amazonaws.com'],
  ['an id of a network', 'in vpc-0a1b2c3d4e5f67890'],
  ['a requirement of Python', 'needs langchain-core==0.1.2'],
  ['a path of a service', 'in /srv/app/index.php on line 3'],
  ['an ARN with signs that nobody sees', 'a\u200brn:aws:iam::1234\u200b56789012:role/x'],
  ['an account id in wide digits', 'account １２３４５６７８９０１２ has no access'],
])('a message of an EnvelopeError with %s is replaced by that of its code', (_what, message) => {
  expect(toErrorEnvelope(new EnvelopeError('AUTH_FAILED', message)).error!.message).toBe(
    'The caller is not signed in, or may not do this.',
  );
});

test.each([
  'There is no order 7.',
  'Use at most 300 characters, not 1,024.',
  'See https://example.com/docs/errors for help.',
  'Send either text or image/png.',
  'Try again at 10:30.',
  'The market ends at 10:30:00.',
  'Only basic formatting is allowed.',
  'Password: must have at least 8 characters.',
  'Use version 2.3.1 of the interface.',
  'The date 2026/11/25 lies in the past.',
  'HTTP/1.1 is not supported.',
  'Use anthropic.claude-3-5-sonnet-20240620-v1:0 or amazon.nova-pro-v1:0.',
  'nextToken is not valid.',
  'The ratio is 3:2:1 at most.',
  'Use version 10.2.3 of the interface, or 192.0.2 of the other.',
  'The internal name may not hold "i-" or "sg-".',
  'The length is >=1 and <=10.',
  'Look at /orders/7 or at the docs (https://example.com/v1.2/errors).',
])('an ordinary message passes: %s', message => {
  expect(toErrorEnvelope(new EnvelopeError('INVALID_REQUEST', message)).error!.message).toBe(message);
});

test('an EnvelopeError with a code that does not exist is an internal error, and its message stays here', () => {
  const thrown = new EnvelopeError('OUT_OF_CHEESE' as never, 'secret plan');
  expect(toErrorEnvelope(thrown).error).toMatchObject({ code: 'INTERNAL_ERROR', message: 'The service failed. Report the support_ref.' });
});

test('an error that merely calls itself EnvelopeError does not choose its message', () => {
  const thrown = Object.assign(new Error('secret plan'), { name: 'EnvelopeError', code: 'NOT_FOUND' });
  expect(toErrorEnvelope(thrown).error).toMatchObject({ code: 'INTERNAL_ERROR', message: 'The service failed. Report the support_ref.' });
});

test('an EnvelopeError of another copy of this module counts as one', () => {
  let Other: typeof EnvelopeError;
  jest.isolateModules(() => {
    Other = (jest.requireActual('../../../runtime/node/envelope/envelope') as { EnvelopeError: typeof EnvelopeError }).EnvelopeError;
  });
  expect(Other!).not.toBe(EnvelopeError);
  expect(toErrorEnvelope(new Other!('NOT_FOUND', 'No such page.')).error).toMatchObject({ code: 'NOT_FOUND', message: 'No such page.' });
});

test('outside of an invocation the envelope still conforms', () => {
  expect(isEnvelope(toErrorEnvelope('thrown text'))).toBe(true);
  expect(isEnvelope(success(1))).toBe(true);
});

test('is written with the keys in the contract\'s order', () => {
  const envelope: Envelope = { error: null, data: { b: 1, a: '"}\n' }, request_id: 'r"1', status: 'success' };
  expect(serializeEnvelope(envelope)).toBe('{"status":"success","request_id":"r\\"1","data":{"b":1,"a":"\\"}\\n"},"error":null}');
  expect(serializeEnvelope({ ...envelope, data: undefined })).toContain('"data":null');
  expect(() => serializeEnvelope({ ...envelope, data: () => 1 })).toThrow('cannot be serialised');
});
