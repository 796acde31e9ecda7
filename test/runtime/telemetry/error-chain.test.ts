import { readFileSync } from 'fs';
import { join } from 'path';
import { toErrorEnvelope } from '../../../runtime/node/envelope/envelope';
import { errorChain } from '../../../runtime/node/telemetry/error-chain';
import { cpuMsOf } from '../../support/cpu-time';
import { CapturedOutput } from '../../support/runtime-output';

CapturedOutput.install();

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../../contract/vectors/error-chains.json'), 'utf8')) as {
  cases: { name: string; thrown: unknown; chain: unknown[] }[];
};

test.each(cases.map(example => [example.name, example] as const))('the contract\'s case: %s', (_name, { thrown, chain }) => {
  expect(errorChain(thrown)).toEqual(chain);
});

test('lists an error and its causes, outermost first', () => {
  const root = Object.assign(new TypeError('root'), { code: 'ECONNRESET' });
  const chain = errorChain(new Error('outer', { cause: new Error('middle', { cause: root }) }));
  expect(chain.map(({ name, message }) => `${name}: ${message}`)).toEqual(['Error: outer', 'Error: middle', 'TypeError: root']);
  expect(chain[2].code).toBe('ECONNRESET');
  expect(chain[0].stack).toContain('error-chain.test');
});

test('tells the status and request id of an AWS error', () => {
  const thrown = Object.assign(new Error('Rate exceeded'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429, requestId: 'aws-1' },
  });
  expect(errorChain(thrown)).toMatchObject([{ name: 'ThrottlingException', http_status: 429, aws_request_id: 'aws-1' }]);
});

test('goes through the errors of an AggregateError', () => {
  const chain = errorChain(new AggregateError([new Error('one'), new Error('two')], 'both'));
  expect(chain.map(({ message }) => message)).toEqual(['both', 'one', 'two']);
});

test('ends where a chain of causes bites its tail', () => {
  const first = new Error('first');
  const second = new Error('second', { cause: first });
  first.cause = second;
  expect(errorChain(first).map(({ message }) => message)).toEqual(['first', 'second']);
});

test('lists ten errors at most', () => {
  let thrown = new Error('0');
  for (let depth = 1; depth < 50; depth += 1) thrown = new Error(String(depth), { cause: thrown });
  expect(errorChain(thrown)).toHaveLength(10);
});

test('shortens a text that is far too long', () => {
  const [{ message }] = errorChain(new Error('x'.repeat(100_000)));
  expect(message).toHaveLength(16_384 + '… (100000 characters)'.length);
});

test.each([
  ['a text', 'boom', { name: 'string', message: 'boom' }],
  ['a number', 7, { name: 'number', message: '7' }],
  ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
  ['null', null, { name: 'null', message: 'null' }],
  ['a symbol', Symbol('x'), { name: 'symbol', message: 'Symbol(x)' }],
  ['an object', { reason: 'because' }, { name: 'object', message: '{"reason":"because"}' }],
  ['an object that refers to itself', circular(), { name: 'object', message: '{}' }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { id: 1n }), { name: 'object', message: '{"id":"1"}' }],
])('takes %s', (_what, thrown, expected) => {
  expect(errorChain(thrown)).toEqual([expected]);
});

describe('errors of any size and shape', () => {
  const revoked = (target: object) => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const no = () => { throw new Error('no'); };
  const invalid = (errors: unknown) => Object.assign(new Error('invalid'), { name: 'ZodError', errors });
  const issues = Array.from({ length: 200_000 }, (_, index) => ({ path: ['ids', index], message: 'not a string' }));

  test.each<[string, unknown, number]>([
    ['an error with 200,000 errors', invalid(issues), 10],
    ['errors of errors without end', nested(100_000), 10],
    ['a cause that is the error itself', circularCause(), 1],
    ['a thousand errors that share a cause', invalid(Array.from({ length: 1000 }, () => new Error('one', { cause: issues }))), 10],
    ['a getter that throws', Object.defineProperty(new Error('x'), 'errors', { get: no }), 1],
    ['a list whose elements throw', invalid(Object.defineProperty([1, 2], 0, { get: no })), 3],
    ['a list whose length throws', invalid(new Proxy([], { get: no })), 1],
    ['errors that were revoked', invalid([revoked({}), revoked(() => 1), revoked([])]), 4],
    ['a list that was revoked', invalid(revoked([])), 1],
    ['a cause that was revoked', new Error('x', { cause: revoked(new Error('y')) }), 2],
    ['a proxy that was revoked', revoked(new Error('x')), 1],
    ['200,000 values and no error', issues, 1],
    ['a text of 20 MB', new Error('a.'.repeat(10_000_000)), 1],
    ['a hostile text with a key', new Error(`key ${'a.'.repeat(100_000)}`), 1],
    [
      'fields that are no texts',
      Object.assign(new Error('x'), { name: 7, message: {}, stack: [], code: {}, $metadata: 'x', errors: 'x' }),
      1,
    ],
    ['a name that cannot be a text', { name: Symbol('x'), message: { toString: no }, toString: no, toJSON: no }, 1],
  ])('%s', (_what, thrown, length) => {
    expect(cpuMsOf(() => toErrorEnvelope(thrown), { enough: 100 })).toBeLessThanOrEqual(100);
    expect(toErrorEnvelope(thrown).error).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(errorChain(thrown)).toHaveLength(length);
  });
});

test('takes an object whose every property throws', () => {
  const hostile = new Proxy(new Error('x'), { get: () => { throw new Error('no'); } });
  expect(() => errorChain(hostile)).not.toThrow();
  expect(errorChain(hostile)).toHaveLength(1);
});

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

function circularCause(): Error {
  const error = new Error('x');
  error.cause = error;
  return error;
}

function nested(depth: number): unknown {
  let thrown: unknown = new Error('innermost');
  for (let level = 0; level < depth; level += 1) thrown = { errors: [thrown] };
  return thrown;
}
