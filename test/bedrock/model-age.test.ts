import { App, Aws, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';

const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const ENDED = '2026-09-10';
const LEGACY = '2026-09-09';

function stackIn(region: string | undefined, day: string): Stack {
  const app = new App();
  app.node.setContext('cdk-plumbline:today', day);
  return new Stack(app, 'Stack', region ? { env: { region, account: '123456789012' } } : {});
}

const warningsOf = (stack: Stack): string[] =>
  Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

function warnings(region: string | undefined, day: string, permissions: BedrockPermissions): string[] {
  const stack = stackIn(region, day);
  new BedrockTaskRole(stack, 'Role', permissions);
  return warningsOf(stack);
}

test('a model past its end of life in the stack\'s Region is an error that names its successor and how to keep it', () => {
  expect(() => new BedrockTaskRole(stackIn('us-east-1', ENDED), 'Role', { allowedModels: [HAIKU] })).toThrow([
    `[Stack] BedrockTaskRole "Role": AWS ended the model in us-east-1 on ${ENDED}: every request for it fails.`,
    `  given:   "${HAIKU}"`,
    '  allowed: models that AWS still offers there',
    '  fix:     take its successor "anthropic.claude-haiku-4-5-20251001-v1:0", by its inference profile where it has one; ' +
      'where AWS gives your account longer, name it in keepAfterEndOfLife',
  ].join('\n'));
});

test('the day before, it is a warning, and can be acknowledged', () => {
  expect(warnings('us-east-1', LEGACY, { allowedModels: [HAIKU] })).toEqual([
    `AWS calls the model "${HAIKU}" legacy in us-east-1, and ends it on ${ENDED}: take its successor ` +
      '"anthropic.claude-haiku-4-5-20251001-v1:0", by its inference profile where it has one, or name it in keepAfterEndOfLife. ' +
      '[ack: cdk-plumbline:legacyModel]',
  ]);
});

test.each([
  ['where the table does not list the Region', 'ap-south-1', ENDED, { allowedModels: [HAIKU] }],
  ['before it is legacy', 'us-east-1', '2026-03-09', { allowedModels: [HAIKU] }],
  ['when it is kept', 'us-east-1', ENDED, { allowedModels: [HAIKU], keepAfterEndOfLife: [HAIKU] }],
  ['when the ARN is of another Region', 'us-east-1', ENDED, { allowedModels: [`arn:aws:bedrock:ap-south-1::foundation-model/${HAIKU}`] }],
])('nothing is said of it %s', (_where, region, day, permissions) => {
  expect(warnings(region, day, permissions)).toEqual([]);
});

test('where the stack\'s Region is not known, it is a warning that says where', () => {
  expect(warnings(undefined, ENDED, { allowedModels: [HAIKU] })).toEqual([
    expect.stringMatching(/^AWS ended the model .* in ap-northeast-1, .*us-west-2 on 2026-09-10: .*\[ack: cdk-plumbline:endedModel\]$/),
  ]);
});

describe('every way to name a model', () => {
  const bucket = (stack: Stack) => ({ bucket: Bucket.fromBucketName(stack, 'Bucket', 'data'), prefix: 'data/' });
  const role = (stack: Stack) => Role.fromRoleArn(stack, 'Jobs', 'arn:aws:iam::123456789012:role/jobs');
  const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
  const other = ['amazon.nova-pro-v1:0'];

  test.each<[string, (stack: Stack) => BedrockPermissions]>([
    ['an ARN', () => ({ allowedModels: [`arn:aws:bedrock:us-east-1::foundation-model/${HAIKU}`] })],
    ['a geographic profile', () => ({ allowedModels: [`us.${HAIKU}`] })],
    ['a global profile', () => ({ allowedModels: [`global.${HAIKU}`] })],
    ['an application profile', () => ({ allowedModels: [profile], inferenceProfiles: [{ profile, model: HAIKU }] })],
    ['another context size', () => ({ allowedModels: ['amazon.nova-premier-v1:0:mm'] })],
    ['batches', stack => ({
      allowedModels: other,
      allowBatchInference: true,
      batchInference: { models: [HAIKU], input: bucket(stack), output: { ...bucket(new Stack(stack, 'B')) }, serviceRole: role(stack) },
    })],
    ['asynchronous invocations', stack => ({
      allowedModels: other, allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: bucket(stack) },
    })],
    ['fine-tuning', stack => ({
      allowedModels: other,
      allowFineTuning: true,
      fineTuning: {
        baseModels: [HAIKU], trainingData: bucket(stack), output: bucket(new Stack(stack, 'B')), customizationRole: role(stack),
      },
    })],
  ])('%s', (_way, permissions) => {
    const stack = stackIn('us-east-1', '2026-12-01');
    expect(() => new BedrockTaskRole(stack, 'Role', permissions(stack))).toThrow(/AWS ended the model in us-east-1 on 2026-09/);
  });

  test('a grant to a role that exists', () => {
    const stack = stackIn('us-east-1', ENDED);
    expect(() => BedrockGrants.grantInvoke(role(stack), [HAIKU])).toThrow(/The Bedrock grant: AWS ended the model/);
    const before = stackIn('us-east-1', LEGACY);
    BedrockGrants.grantInvoke(role(before), [HAIKU]);
    expect(warningsOf(before)).toEqual([expect.stringContaining('AWS calls the model')]);
  });

  test('the fallback Region, where the model ended, beside one where it did not', () => {
    const stack = stackIn('ap-south-1', ENDED);
    expect(() => new BedrockTaskRole(stack, 'Role', { allowedModels: [HAIKU], allowCrossRegion: true }))
      .toThrow('AWS ended the model in us-west-2');
  });
});

test('a model that is kept and not named is an error', () => {
  const permissions = { allowedModels: ['amazon.nova-pro-v1:0'], keepAfterEndOfLife: [HAIKU] };
  expect(() => new BedrockTaskRole(stackIn('us-east-1', ENDED), 'Role', permissions))
    .toThrow('keepAfterEndOfLife keeps a model that the role does not have');
});

test('a day of the context that is none is an error', () => {
  expect(() => new BedrockTaskRole(stackIn('us-east-1', 'tomorrow'), 'Role', { allowedModels: [HAIKU] }))
    .toThrow('The context value cdk-plumbline:today is no day');
});

test('the day is today without the context', () => {
  const app = new App();
  app.node.setContext('cdk-plumbline:today', undefined);
  const stack = new Stack(app, 'Stack', { env: { region: 'us-east-1', account: Aws.ACCOUNT_ID } });
  jest.useFakeTimers({ now: new Date('2026-09-09T23:59:59Z'), doNotFake: ['nextTick'] });
  try {
    expect(() => new BedrockTaskRole(stack, 'Before', { allowedModels: [HAIKU] })).not.toThrow();
    jest.setSystemTime(new Date('2026-09-10T00:00:00Z'));
    expect(() => new BedrockTaskRole(stack, 'After', { allowedModels: [HAIKU] })).toThrow('AWS ended the model');
  } finally {
    jest.useRealTimers();
  }
});
