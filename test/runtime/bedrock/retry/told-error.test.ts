import { toldError } from '../../../../runtime/node/bedrock/retry/told-error';

test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'HPE_INVALID_CONSTANT'])(
  'a connection that fails by %s is told in words, with the code and the cause',
  code => {
    const cause = Object.assign(new Error('aborted'), { code });
    const told = toldError(cause, 'connection');
    expect(told).toMatchObject({ name: 'TimeoutError', code, cause, message: `The connection to Amazon Bedrock failed (${code}).` });
  },
);

test('a page with a 5xx is told as the service not being there', () => {
  const cause = Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode: 502 } });
  const told = toldError(cause, 'server');
  expect(told).toMatchObject({ name: 'ServiceUnavailableException', cause, $metadata: { httpStatusCode: 502 } });
  expect((told as Error).message).toBe('Amazon Bedrock was not reached: HTTP 502 came without an error of its own.');
});

test.each([
  ['server' as const, 503, 'ServiceUnavailableException'], ['throttling' as const, 429, 'ThrottlingException'],
])('an answer that names no error is told by its status: %s', (kind, httpStatusCode, name) => {
  const cause = Object.assign(new Error('UnknownError'), { name: 'Unknown', $fault: 'client', $metadata: { httpStatusCode } });
  expect(toldError(cause, kind)).toMatchObject({ name, cause, $metadata: { httpStatusCode } });
});

test.each([
  ['an error of the service', Object.assign(new Error(), { name: 'InternalServerException', $fault: 'server' }), 'server' as const],
  ['a throttling', Object.assign(new Error(), { name: 'ThrottlingException', $fault: 'client' }), 'throttling' as const],
  ['a time limit', Object.assign(new Error(), { name: 'TimeoutError' }), 'timeout' as const],
  ['what is not tried again', new TypeError('a mistake'), undefined],
])('%s is told as it is', (_what, error, kind) => {
  expect(toldError(error, kind)).toBe(error);
});
