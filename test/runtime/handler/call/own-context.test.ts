import type { Context } from 'aws-lambda';
import { isUnderStandard, ownContext } from '../../../../runtime/node/handler/call/own-context';

const LAMBDAS = { awsRequestId: 'lambda-1', getRemainingTimeInMillis: () => 7, succeed: jest.fn() } as unknown as Context;

test('is a copy: the given one stays as it is, so that it can be given again', () => {
  const own = ownContext(LAMBDAS, jest.fn());
  expect(own).toMatchObject({ awsRequestId: 'lambda-1' });
  expect(own.getRemainingTimeInMillis()).toBe(7);
  expect(isUnderStandard(own)).toBe(true);
  expect(isUnderStandard(LAMBDAS)).toBe(false);
  expect(LAMBDAS.succeed).not.toBe(own.succeed);
});

test('has no method that Lambda does not offer', () => {
  const own = ownContext({ awsRequestId: 'lambda-1' } as Context, jest.fn());
  expect(Object.keys(own)).toEqual(['awsRequestId']);
});

test('sets what Lambda lets a handler set', () => {
  const set = jest.fn();
  const given = { get callbackWaitsForEmptyEventLoop() { return true; }, set callbackWaitsForEmptyEventLoop(value) { set(value); } };
  const own = ownContext(given as Context);
  own.callbackWaitsForEmptyEventLoop = false;
  expect(set).toHaveBeenCalledWith(false);
});

test('is made of frozen contexts and of instances too', () => {
  class FakeContext {
    public awsRequestId = 'lambda-1';
    public succeed(): void {}
    public more(): string { return this.awsRequestId; }
  }
  const answer = jest.fn();
  const given = Object.freeze(new FakeContext()) as unknown as Context;
  const own = ownContext(given, answer) as unknown as { more(): string; succeed(result: unknown): void };
  expect(own.more()).toBe('lambda-1');
  own.succeed(42);
  expect(answer).toHaveBeenCalledWith(undefined, 42);
});

test.each([undefined, null, 'context'])('of what is no context is that itself: %s', given => {
  expect(ownContext(given as unknown as Context)).toBe(given);
  expect(isUnderStandard(given)).toBe(false);
});
