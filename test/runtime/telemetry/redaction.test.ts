import fc from 'fast-check';
import { HARMLESS_FIELDS, HARMLESS_TEXTS } from './support/harmless';
import { hostileTexts, KB } from './support/hostile-texts';
import { FORMS, NAMED, SECRET_FIELDS } from './support/secrets';
import { redacted, redactStart, redactText } from '../../../runtime/node/telemetry/redaction';
import { cpuMsOf } from '../../support/cpu-time';

describe('a secret in a text', () => {
  test.each(FORMS)('is known by its form: %s', (_what, text, secret) => expectBlack(text, secret));
  test.each(NAMED)('is known by its name: %s', (_what, text, secret) => expectBlack(text, secret));

  test('there are a hundred kinds of them', () => expect(FORMS.length + NAMED.length).toBeGreaterThanOrEqual(100));

  test.each([...FORMS, ...NAMED])('is black wherever it stands, and black once: %s', (_what, text, secret) => {
    for (const around of [`before ${text}`, `{"line":${JSON.stringify(text)}}`, JSON.stringify({ body: JSON.stringify({ line: text }) })]) {
      const black = redactText(around);
      expect(black).not.toContain(secret);
      expect(redactText(black)).toBe(black);
    }
  });

  test.each([
    ['password=hunter2; user=x', 'password=[redacted]; user=x'],
    ['passwd=abc; pwd=def,x', 'passwd=[redacted]; pwd=[redacted]'],
    ['api-key=abc api_key=def apikey=ghi', 'api-key=[redacted] api_key=[redacted] apikey=[redacted]'],
    ['{"password":"hunter2","user":"x"}', '{"password":"[redacted]","user":"x"}'],
    ['postgres://chat:hunter2@db:5432/x', 'postgres://chat:[redacted]@db:5432/x'],
    ['GET /x?access_token=abc&y=1 HTTP/1.1', 'GET /x?access_token=[redacted]&y=1 HTTP/1.1'],
    ['user: x\npassword: y z\nport: 1', 'user: x\npassword: [redacted]\nport: 1'],
    ['login --password x y', 'login --password [redacted] y'],
    ['a: 1\npassword: |\n  x\n  y\nport: 1', 'a: 1\npassword: |\n  [redacted]\nport: 1'],
    ['{"token":"a","special":false}', '{"token":"[redacted]","special":false}'],
    ['Bearer abcdefghijkl was refused', 'Bearer [redacted] was refused'],
  ])('leaves what stands around it: %s', (text, expected) => expect(redactText(text)).toBe(expected));
});

test.each(HARMLESS_TEXTS)('a harmless text stays as it is: %s', text => expect(redactText(text)).toBe(text));
test('there are sixty of them', () => expect(HARMLESS_TEXTS.length).toBeGreaterThanOrEqual(60));

describe('a field', () => {
  test.each(SECRET_FIELDS)('%s is black', name => {
    expect(redacted({ [name]: 'some value' })).toEqual({ [name]: '[redacted]' });
    expect(redacted({ list: [{ [name]: { nested: 'some value' } }] })).toEqual({ list: [{ [name]: '[redacted]' }] });
    expect(redacted({ [name]: ['some value'] })).toEqual({ [name]: '[redacted]' });
  });

  test.each(HARMLESS_FIELDS)('%s stays', name => expect(redacted({ [name]: 'some value' })).toEqual({ [name]: 'some value' }));

  test('under such a name may count, switch or be empty', () => {
    const fields = { token: 512, secrets: true, password: null, apiKey: undefined, credentials: 'include', secret: '' };
    expect(redacted(fields)).toEqual(fields);
  });

  test('that is a password is black as a number too', () => {
    expect(redacted({ password: 1234, otp: 5678 })).toEqual({ password: '[redacted]', otp: '[redacted]' });
  });

  test('of a model\'s answer holds words, not keys', () => {
    const answer = { content: [{ token: 'Hello', logprob: -0.1, top_logprobs: [{ token: 'Hi', logprob: -2 }] }] };
    expect(redacted(answer)).toEqual(answer);
  });

  test('has its name in a field beside it', () => {
    expect(redacted([{ name: 'DB_PASSWORD', value: 'x' }, { Key: 'api-key', Value: 'x' }, { name: 'REGION', value: 'x' }]))
      .toEqual([{ name: 'DB_PASSWORD', value: '[redacted]' }, { Key: 'api-key', Value: '[redacted]' }, { name: 'REGION', value: 'x' }]);
  });

  test.each<[string, object]>([
    ['a path, as what validates requests has it', { path: ['user', 'password'], input: 'x' }],
    ['a pointer', { instancePath: '/user/password', data: 'x' }],
    ['a place', { loc: ['body', 'password'], input: 'x' }],
    ['a parameter', { ParameterKey: 'DbPassword', ParameterValue: 'x' }],
    ['a property', { property: 'password', value: 'x' }],
    ['a user', { user: 'chat', pass: 'x' }],
  ])('has its name beside it: %s', (_what, fields) => expect(JSON.stringify(redacted(fields))).not.toContain('"x"'));

  test('of the values beside it keeps what is no secret', () => {
    for (const fields of [{ path: ['user', 'name'], input: 'x' }, { pass: 'x' }, { user: 1, pass: 'x' }, { auth: 'NONE' }]) {
      expect(redacted(fields)).toEqual(fields);
    }
    expect(redacted({ auth: 'chat:hunter2' })).toEqual({ auth: '[redacted]' });
  });

  test('may be called by a secret', () => expect(redacted({ AKIAIOSFODNN7EXAMPLE: 1 })).toEqual({ '[redacted]': 1 }));

  test('is judged alike however many names were seen', () => {
    for (let index = 0; index < 5000; index++) {
      expect(redacted({ [`field_${index}_key`]: 'x', [`field_${index}_password`]: 'x' }))
        .toEqual({ [`field_${index}_key`]: 'x', [`field_${index}_password`]: '[redacted]' });
    }
  });
});

describe('a value that JSON does not know', () => {
  test('is put into words', () => {
    const circular: { self?: object; other: string } = { other: 'x' };
    circular.self = circular;
    expect(redacted({ big: 1n, date: new Date(0), circular }))
      .toEqual({ big: '1', date: '1970-01-01T00:00:00.000Z', circular: { other: 'x' } });
  });

  test.each<[string, unknown, unknown]>([
    ['a map', new Map<unknown, unknown>([['password', 'x'], [7, new Map([['a', 1]])]]), { password: '[redacted]', 7: { a: 1 } }],
    ['a set', new Set(['password=x']), ['password=[redacted]']],
    ['headers', new Headers({ 'x-api-key': 'x', 'accept': 'y' }), { 'x-api-key': '[redacted]', 'accept': 'y' }],
    ['entries', Object.entries({ password: 'x', user: 'y' }), [['password', '[redacted]'], ['user', 'y']]],
    ['parameters of a query', new URLSearchParams('password=x&user=y'), { password: '[redacted]', user: 'y' }],
    ['headers as Node reads them', { rawHeaders: ['Cookie', 'x', 'Accept', 'y'] }, { rawHeaders: ['Cookie', '[redacted]', 'Accept', 'y'] }],
    ['options of a command', ['--password', 'x', '--text', 'y'], ['--password', '[redacted]', '--text', 'y']],
    ['bytes', { body: Buffer.from('password=hunter2'), more: new Uint8Array(3) }, { body: '[16 bytes]', more: '[3 bytes]' }],
    // eslint-disable-next-line no-new-wrappers -- what is logged is not of our making
    ['a text in an object', [new String('password=x')], ['password=[redacted]']],
    ['a likelihood of a token', { token: { text: 'Hi', logprob: -1 } }, { token: { text: 'Hi', logprob: -1 } }],
    ['a large number', { password: 12n }, { password: '[redacted]' }],
  ])('is shown as what it holds: %s', (_what, value, expected) => expect(redacted(value)).toEqual(expected));

  test('is an error with its fields, its causes and no secret', () => {
    const cause = new Error('inner');
    const error = Object.assign(new Error('password=hunter2', { cause }), { config: { headers: { Authorization: 'x' } } });
    expect(redacted(error)).toMatchObject({
      name: 'Error',
      message: 'password=[redacted]',
      stack: expect.stringContaining('[redacted]') as string,
      cause: { message: 'inner' },
      config: { headers: { Authorization: '[redacted]' } },
    });
  });

  test.each<[string, () => unknown]>([
    ['a getter that throws', () => ({ get field(): string { throw new Error('no'); } })],
    ['a proxy that was revoked', revoked],
    ['a toJSON that throws', () => ({ toJSON: () => { throw new Error('no'); } })],
    ['a toJSON without end', () => { const odd = { toJSON: (): unknown => ({ toJSON: odd.toJSON }) }; return odd; }],
    ['a text that stands in it a million times', () => {
      let list: unknown = 'key a.'.repeat(10_000);
      for (let depth = 0; depth < 20; depth += 1) list = { a: list, b: list };
      return list;
    }],
    ['names without end', () => Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`${index}${'key a.'.repeat(1000)}`, 1]))],
    ['many bytes', () => new Uint8Array(50_000_000)],
    ['a great depth', () => { let deep: unknown = 1; for (let depth = 0; depth < 100_000; depth += 1) deep = [deep]; return deep; }],
    ['a million values', () => Array.from({ length: 1_000_000 }, () => ({}))],
  ])('is no obstacle: %s', (_what, make) => {
    const value = make();
    expect(cpuMsOf(() => JSON.stringify(redacted({ value, after: 1 })), { enough: 200 })).toBeLessThanOrEqual(200);
  });
});

test('a text that is too long for a log is cut, and no secret in two', () => {
  for (let before = 0; before < 30; before += 1) {
    const text = `${'x'.repeat(100 - before)} postgres://chat:hunter2@h/x ${'y'.repeat(100)}`;
    expect(redactStart(text, 100)).toBe(redactText(text).slice(0, 100));
  }
  expect(redactStart('password=x', 100)).toBe('password=[redacted]');
  const long = redacted(['z'.repeat(2_000_000), 'more']) as string[];
  expect(long[0]).toMatch(/^z{1048576}\[more\]$/);
  expect(long[1]).toBe('[more]');
});

describe('the work for a text', () => {
  test.each(hostileTexts(64 * KB))('is at most 2 ms for each 10 KB: %s', (_what, text) => {
    const limit = 2 * text.length / (10 * KB);
    expect(cpuMsOf(() => redactText(text), { enough: limit })).toBeLessThanOrEqual(limit);
  });

  test('ends where names stand closer than in any text that is meant to be read: the rest is black unread', () => {
    expect(redactText(`${'token '.repeat(5_000)}and more`)).toMatch(/^(?:token ){2}(?:token ?)+\[redacted\]$/);
    const dense = '{"token":" the","logprob":-0.1},'.repeat(2_000);
    expect(redactText(dense)).toBe(dense);
  });

  test('is so for texts of any such parts', () => {
    const part = fc.oneof(fc.constantFrom(...hostileTexts(12).map(([, text]) => text)), fc.string({ maxLength: 12 }));
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), parts => {
      const text = parts.join('').repeat(Math.ceil(20 * KB / Math.max(1, parts.join('').length))).slice(0, 20 * KB);
      return cpuMsOf(() => redactText(text), { enough: 4 }) <= 4;
    }), { numRuns: 300 });
  });
});

function expectBlack(text: string, secret: string): void {
  expect(text).toContain(secret);
  expect(redactText(text)).not.toContain(secret);
  expect(redactText(text)).toContain('[redacted]');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
