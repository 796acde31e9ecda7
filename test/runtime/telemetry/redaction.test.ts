import fc from 'fast-check';
import { hostileTexts, KB } from './support/hostile-texts';
import { REDACTION_VECTORS, SECRET_TEXTS } from './support/redaction-vectors';
import { redacted, redactStart, redactText } from '../../../runtime/node/telemetry/redaction';
import { cpuMsOf } from '../../support/cpu-time';

describe('the contract\'s cases', () => {
  const { cases } = REDACTION_VECTORS;

  test.each(cases.map(example => [example.name, example] as const))('%s', (_name, { text, secret, value, black }) => {
    if (text === undefined) expect(redacted(value)).toEqual(black);
    else if (secret === undefined) expect(redactText(text)).toBe(black);
    else expectBlack(text, secret);
  });

  test('there are a hundred kinds of secrets, and sixty texts that are harmless', () => {
    expect(SECRET_TEXTS.length).toBeGreaterThanOrEqual(100);
    expect(cases.filter(({ text, black }) => text !== undefined && text === black).length).toBeGreaterThanOrEqual(60);
  });
});

describe('a field', () => {
  test.each(REDACTION_VECTORS.secretFields)('%s is black', name => {
    expect(redacted({ [name]: 'some value' })).toEqual({ [name]: '[redacted]' });
    expect(redacted({ list: [{ [name]: { nested: 'some value' } }] })).toEqual({ list: [{ [name]: '[redacted]' }] });
    expect(redacted({ [name]: ['some value'] })).toEqual({ [name]: '[redacted]' });
  });

  test.each(REDACTION_VECTORS.harmlessFields)('%s stays', name => {
    expect(redacted({ [name]: 'some value' })).toEqual({ [name]: 'some value' });
  });

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
    ['parameters of a query', new URLSearchParams('password=x&user=y'), { password: '[redacted]', user: 'y' }],
    ['bytes', { body: Buffer.from('password=hunter2'), more: new Uint8Array(3) }, { body: '[16 bytes]', more: '[3 bytes]' }],
    // eslint-disable-next-line no-new-wrappers -- what is logged is not of our making
    ['a text in an object', [new String('password=x')], ['password=[redacted]']],
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

/** Wherever the text stands, and once it is black for good. */
function expectBlack(text: string, secret: string): void {
  expect(text).toContain(secret);
  const once = JSON.stringify({ line: text });
  for (const around of [text, `before ${text}`, once, JSON.stringify({ body: once })]) {
    const black = redactText(around);
    expect(black).not.toContain(secret);
    expect(black).toContain('[redacted]');
    expect(redactText(black)).toBe(black);
  }
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
