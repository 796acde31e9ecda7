import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { mark, tryMark, tryNearestMark } from '../../src/standards/marks';
import { sharedChild } from '../../src/standards/shared-child';

test('the nearest mark at or above a construct counts, and each construct has only its own', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const child = new Construct(stack, 'Child');
  expect(tryNearestMark(child, 'Test')).toBeUndefined();
  mark(app, 'Test', 'of the app');
  expect([tryNearestMark(child, 'Test'), tryMark(child, 'Test')]).toEqual(['of the app', undefined]);
  mark(stack, 'Test', 'of the stack');
  expect([child, stack, app].map(scope => tryNearestMark(scope, 'Test'))).toEqual(['of the stack', 'of the stack', 'of the app']);
});

test('a shared child is made once', () => {
  const stack = new Stack(new App(), 'Stack');
  const create = jest.fn((scope: Construct, id: string) => new Construct(scope, id));
  expect(sharedChild(stack, 'Shared', create)).toBe(sharedChild(stack, 'Shared', create));
  expect(create).toHaveBeenCalledTimes(1);
});
