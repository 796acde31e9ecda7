import { failureKind } from '../../../../runtime/node/bedrock/retry/failure-kind';
import { TimeLimitError } from '../../../../runtime/node/bedrock/retry/time-limit-errors';

function answered(name: string, httpStatusCode: number, more: object = {}) {
  return Object.assign(new Error('by order of the test'), { name, $metadata: { httpStatusCode, ...more } });
}

function broken(code: string, name = 'Error') {
  return Object.assign(new Error('by order of the test'), { code, name });
}

describe('tried again, as', () => {
  test.each([
    ['timeout', new TimeLimitError('connect', 2_000)],
    ['timeout', new TimeLimitError('read', 2_000)],
    ['timeout', broken('ETIMEDOUT')],
    ['timeout', answered('ModelTimeoutException', 408)],
    ['timeout', answered('RequestTimeoutException', 408)],
    ['connection', broken('ECONNRESET')],
    ['connection', broken('ECONNRESET', 'TimeoutError')],
    ['connection', broken('ECONNREFUSED')],
    ['connection', broken('ENOTFOUND')],
    ['connection', broken('EAI_AGAIN')],
    ['connection', broken('EPIPE')],
    ['connection', broken('HPE_INVALID_CONSTANT')],
    ['throttling', answered('ThrottlingException', 429)],
    ['throttling', answered('TooManyRequestsException', 400)],
    ['throttling', answered('Unknown', 429)],
    ['throttling', Object.assign(new Error(), { name: 'ThrottlingException' })],
    ['server', answered('ModelNotReadyException', 429)],
    ['server', answered('InternalServerException', 500)],
    ['server', answered('Unknown', 502)],
    ['server', answered('ServiceUnavailableException', 503)],
    ['server', answered('SyntaxError', 504)],
    ['server', answered('Unknown', 599)],
    ['server', answered('InvalidSignatureException', 403, { clockSkewCorrected: true })],
  ])('%s: %s', (kind, error) => {
    expect(failureKind(error)).toBe(kind);
  });

  test('what its cause is, however deep within reason', () => {
    expect(failureKind(new Error('outer', { cause: new Error('middle', { cause: broken('ECONNRESET') }) }))).toBe('connection');
  });
});

describe('never tried again', () => {
  test.each([
    answered('ValidationException', 400),
    answered('AccessDeniedException', 403),
    answered('ExpiredTokenException', 403),
    answered('InvalidSignatureException', 403),
    answered('ResourceNotFoundException', 404),
    answered('ConflictException', 409),
    answered('ServiceQuotaExceededException', 400),
    answered('ModelErrorException', 424),
    answered('ModelStreamErrorException', 424),
    Object.assign(broken('ECONNRESET'), { name: 'AbortError' }),
    new TypeError('a mistake'),
    broken('CERT_HAS_EXPIRED'),
    undefined,
    null,
    'a text',
  ])('%s', error => {
    expect(failureKind(error)).toBeUndefined();
  });

  test('an error that is its own cause', () => {
    const circular = new Error('round and round');
    circular.cause = circular;
    expect(failureKind(circular)).toBeUndefined();
  });
});
