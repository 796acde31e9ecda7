import { errorChain } from '../../../runtime/node/envelope/error-chain';

test('lists an error and its causes, outermost first', () => {
  const root = Object.assign(new TypeError('root'), { code: 'ECONNRESET' });
  const chain = errorChain(new Error('outer', { cause: new Error('middle', { cause: root }) }));
  expect(chain.map(({ name, message }) => `${name}: ${message}`)).toEqual(['Error: outer', 'Error: middle', 'TypeError: root']);
  expect(chain[2].code).toBe('ECONNRESET');
  expect(chain[0].stack).toContain('error-chain.test');
});

test('tells the status and request id of an AWS error', () => {
  const thrown = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', $metadata: { httpStatusCode: 429, requestId: 'aws-1' } });
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
  ['an object that refers to itself', circular(), { name: 'object', message: '[object Object]' }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { id: 1n }), { name: 'object', message: '(a value that cannot be shown)' }],
])('takes %s', (_what, thrown, expected) => {
  expect(errorChain(thrown)).toEqual([expected]);
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
