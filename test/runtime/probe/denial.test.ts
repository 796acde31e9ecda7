import { deniedBy, errorCodeOf, roleArn } from '../../../runtime/node/probe/denial';

const answer = (status: number, body: string, headers: Record<string, string | string[]> = {}) => ({ status, body, headers });

test.each([
  ['a header', answer(403, '{}', { 'x-amzn-errortype': 'AccessDeniedException' }), 'AccessDeniedException'],
  [
    'a header with an address behind it',
    answer(403, '', { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' }),
    'AccessDeniedException',
  ],
  ['a header that comes twice', answer(403, '', { 'x-amzn-errortype': ['ThrottlingException', 'X'] }), 'ThrottlingException'],
  ['JSON with a namespace', answer(403, '{"__type":"com.amazon.coral.service#AccessDeniedException"}'), 'AccessDeniedException'],
  ['JSON with a code', answer(400, '{"code":"ExpiredTokenException"}'), 'ExpiredTokenException'],
  ['XML', answer(403, '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>'), 'AccessDenied'],
  ['a page of a proxy', answer(503, '<html>no</html>'), undefined],
  ['JSON that is no object', answer(500, 'null'), undefined],
  ['JSON with a code that is no text', answer(500, '{"code":500}'), undefined],
  ['a success that speaks of errors', answer(200, '<Code>AccessDenied</Code>'), undefined],
])('the error code in %s', (_where, response, expected) => expect(errorCodeOf(response)).toBe(expected));

test.each([
  ['AccessDeniedException', true],
  ['AccessDenied', true],
  ['ExpiredTokenException', false],
  ['UnrecognizedClientException', false],
  ['InvalidClientTokenId', false],
  ['SignatureDoesNotMatch', false],
  ['ThrottlingException', false],
  ['ServiceUnavailableException', false],
  ['ValidationException', false],
])('%s denies: %p', (code, denied) => expect(deniedBy(answer(403, '', { 'x-amzn-errortype': code }))).toBe(denied));

test.each([
  [['<Arn>arn:aws:sts::123456789012:assumed-role/chat-role/session</Arn>'], 'arn:aws:iam::123456789012:role/chat-role'],
  [
    ['', '{"message":"User: arn:aws-cn:sts::123456789012:assumed-role/chat+role@x/s is not authorized"}'],
    'arn:aws-cn:iam::123456789012:role/chat+role@x',
  ],
  [['<Arn>arn:aws:iam::123456789012:user/dev/me</Arn>'], 'arn:aws:iam::123456789012:user/dev/me'],
  [['nothing of the kind'], 'unknown'],
  [[], 'unknown'],
])('the role in %j', (bodies, expected) => expect(roleArn(bodies)).toBe(expected));
