import { redact, redactText } from '../../runtime/node/src/redaction';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

describe('by the name of a field', () => {
  test.each([
    'password', 'Password', 'passwd', 'pwd', 'passphrase', 'db_password', 'user-password', 'secret', 'secrets', 'client_secret', 'clientSecret', 'SecretString',
    'SecretAccessKey', 'secretAccessKey', 'aws_secret_access_key', 'AccessKeyId', 'awsAccessKeyId', 'SessionToken', 'session_token', 'token', 'access_token', 'accessToken', 'idToken',
    'refresh_token', 'X-Amz-Security-Token', 'Authorization', 'authorization', 'Cookie', 'set-cookie', 'apiKey', 'api_key', 'x-api-key', 'private_key', 'privateKey', 'credentials',
  ])('%s is blacked out', name => {
    expect(redact(name, 'some value')).toBe('[redacted]');
    expect(redact(name, { nested: 'some value' })).toBe('[redacted]');
  });

  test.each(['max_tokens', 'maxTokens', 'nextToken', 'NextToken', 'tokens', 'inputTokens', 'token_count', 'secretary', 'passenger', 'monkey', 'key', 'author'])('%s stays', name => {
    expect(redact(name, 'some value')).toBe('some value');
  });

  test('a number under such a name is a count', () => expect(redact('token', 512)).toBe(512));
  test('nothing stays nothing', () => expect(redact('password', null)).toBeNull());
});

describe('by the form of a value', () => {
  test.each([
    ['an access key id', 'key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    ['a temporary access key id', 'ASIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['a bearer token', 'authorization: Bearer abc.def-ghi_jkl', 'authorization: Bearer [redacted]'],
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
