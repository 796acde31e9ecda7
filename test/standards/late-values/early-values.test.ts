import { App, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { comparable, knownEarly } from '../../../src/standards/late-values/early-values';

const stack = new Stack(new App(), 'Stack');
const elsewhere = new Stack(stack.node.root as App, 'Elsewhere');

test('a literal is known', () => {
  expect(knownEarly(stack, { Action: ['s3:GetObject'], Resource: '*' })).toEqual({ Action: ['s3:GetObject'], Resource: '*' });
});

test.each([
  ['a pseudo parameter', stack.region, 'AWS::Region'],
  ['a parameter', new CfnParameter(stack, 'P').valueAsString, 'Stack/P.Ref'],
  ['an attribute of a resource', new Bucket(stack, 'Data').bucketArn, 'Stack/Data/Resource.Arn'],
  ['an attribute of a resource of another stack', new Bucket(elsewhere, 'Data').bucketArn, 'Elsewhere/Data/Resource.Arn'],
])('%s stands by its own name', (_what, token, name) => {
  expect(knownEarly(stack, token)).toEqual({ Ref: name });
});

test('a lazy value is not asked, and stands for itself alone', () => {
  const asked: number[] = [];
  const [one, two] = [1, 2].map(number => Lazy.string({ produce: () => String(asked.push(number)) }));
  expect(comparable(stack, one)).toBe(comparable(stack, one));
  expect(comparable(stack, one)).not.toBe(comparable(stack, two));
  expect(asked).toEqual([]);
});

test('a text keeps its parts in their order', () => {
  expect(knownEarly(stack, `arn:${stack.partition}:s3:::data/*`)).toEqual({
    'Fn::Join': ['', [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }]] }, ':s3:::data/*']],
  });
});
