import { redact, redactText } from '../../../runtime/node/telemetry/redaction';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

describe('by the name of a field', () => {
  test.each([
    'password', 'Password', 'passwd', 'pwd', 'passphrase', 'db_password', 'user-password', 'secret', 'secrets', 'client_secret', 'clientSecret', 'SecretString',
    'SecretAccessKey', 'secretAccessKey', 'aws_secret_access_key', 'AccessKeyId', 'awsAccessKeyId', 'SessionToken', 'session_token', 'token', 'access_token', 'accessToken', 'idToken',
    'refresh_token', 'github_token', 'slackToken', 'X-Amz-Security-Token', 'Authorization', 'authorization', 'Cookie', 'set-cookie', 'apiKey', 'api_key', 'x-api-key', 'private_key', 'privateKey', 'credentials',
  ])('%s is blacked out', name => {
    expect(redact(name, 'some value')).toBe('[redacted]');
    expect(redact(name, { nested: 'some value' })).toBe('[redacted]');
  });

  test.each([
    'max_tokens', 'maxTokens', 'tokens', 'inputTokens', 'token_count', 'secretary', 'passenger', 'monkey', 'key', 'author', 'my authorization x', 'tokenizer',
    'nextToken', 'NextToken', 'next_token', 'next-token', 'pageToken', 'page_token', 'paginationToken', 'continuation_token', 'ContinuationToken', 'client_request_token',
    'ClientRequestToken', 'client-request-token', 'idempotency_token', 'idempotencyToken', 'bos_token', 'eos_token', 'padToken', 'stop_token',
  ])('%s stays', name => {
    expect(redact(name, 'some value')).toBe('some value');
  });

  test.each(['unext_token', 'next_token_secret', 'the_page_token', 'stop_token_key_secret'])('%s is not mistaken for one that stays', name => {
    expect(redact(name, 'some value')).toBe('[redacted]');
  });

  test('remembers names without end in no memory, and forgets none of them wrongly', () => {
    for (let index = 0; index < 5000; index++) {
      expect(redact(`field_${index}`, 'some value')).toBe('some value');
      expect(redact(`field_${index}_password`, 'some value')).toBe('[redacted]');
    }
    expect(redact('field_1', 'some value')).toBe('some value');
    expect(redact('field_1_password', 'some value')).toBe('[redacted]');
  });

  test('a number under such a name is a count', () => expect(redact('token', 512)).toBe(512));
  test('a switch under such a name is one', () => expect(redact('token', true)).toBe(true));
  test('nothing stays nothing', () => expect([redact('password', null), redact('password', undefined)]).toEqual([null, undefined]));
  test('under another name an object stays, and a text is looked at', () => {
    const value = { nested: 1 };
    expect(redact('field', value)).toBe(value);
    expect(redact('field', 'Bearer abcdefghijkl')).toBe('Bearer [redacted]');
  });
});

describe('by the form of a value', () => {
  test.each([
    ['an access key id', 'key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['a temporary access key id', 'ASIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['a bearer token', 'authorization: Bearer abc.def-ghi_jkl', 'authorization: Bearer [redacted]'],
    ['a bearer token after many spaces', 'Bearer   abc.def-ghi_jkl', 'Bearer [redacted]'],
    ['a secret key in one word', 'awsSecretAccessKey=abc/def+ghi', 'awsSecretAccessKey=[redacted]'],
    ['a secret key in several words', 'aws_secret_access_key = abc/def+ghi', 'aws_secret_access_key = [redacted]'],
    ['a secret key without its vendor', "secret_access_key: 'abc'", "secret_access_key: '[redacted]'"],
    ['a session token in one word', 'awsSessionToken:abc', 'awsSessionToken:[redacted]'],
    ['an API key with either line', 'api-key=abc api_key=def apikey=ghi', 'api-key=[redacted] api_key=[redacted] apikey=[redacted]'],
    ['a client secret', 'client_secret=abc&clientsecret=def', 'client_secret=[redacted]&clientsecret=[redacted]'],
    ['short words for a password', 'passwd=abc; pwd=def,x', 'passwd=[redacted]; pwd=[redacted],x'],
    ['basic credentials', 'Basic dXNlcjpwYXNzd29yZA==', 'Basic [redacted]'],
    ['a JSON web token', `token ${JWT} expired`, 'token [redacted] expired'],
    ['a signed URL', 'https://s3/x?X-Amz-Signature=abcdef&X-Amz-Date=1', 'https://s3/x?X-Amz-Signature=[redacted]&X-Amz-Date=1'],
    ['a session token in a text', 'aws_session_token=FwoGZXIvYXdzEJr', 'aws_session_token=[redacted]'],
    ['a password in JSON', '{"password":"hunter2","user":"x"}', '{"password":"[redacted]","user":"x"}'],
    ['a password in a URL', 'postgres://chat:hunter2@db:5432/x', 'postgres://chat:[redacted]@db:5432/x'],
    ['a private key', 'x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y', 'x [redacted] y'],
    ['a private key that is cut off', '-----BEGIN PRIVATE KEY-----\nMIIE', '[redacted]'],
  ])('%s is blacked out', (_what, text, expected) => expect(redactText(text)).toBe(expected));

  test.each(['a plain sentence about tokens and passwords', 'https://example.com/path?x=1', '2026-11-22T04:00:00.000Z', 'arn:aws:iam::123456789012:role/chat'])('%s stays', text => {
    expect(redactText(text)).toBe(text);
  });

  test('a long text takes no long time', () => {
    const start = Date.now();
    redactText('Bearer '.repeat(50_000) + 'a'.repeat(200_000) + 'eyJ'.repeat(50_000));
    expect(Date.now() - start).toBeLessThan(5000);
  });
});
