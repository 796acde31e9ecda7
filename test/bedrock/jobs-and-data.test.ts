import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BedrockTaskRole } from '../../src';
import { deployed } from './support/deployed';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, allows, allowsStrictly, PolicyJson } from './support/simulation';

const CUSTOM_MODEL = `arn:aws:bedrock:us-east-1:${ACCOUNT}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl`;
const INPUT_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/input`;
const OUTPUT_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/output`;

/** A role that runs batches of a custom model, on encrypted data. */
function policies(): PolicyJson[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const bucket = (name: string, key: string) =>
    Bucket.fromBucketAttributes(stack, name, { bucketName: name, encryptionKey: Key.fromKeyArn(stack, `${name}Key`, key) });
  const role = new BedrockTaskRole(stack, 'Role', {
    allowedModels: ['amazon.nova-lite-v1:0'],
    allowBatchInference: true,
    batchInference: {
      models: [CUSTOM_MODEL],
      input: { bucket: bucket('input', INPUT_KEY), prefix: 'prompts' },
      output: { bucket: bucket('output', OUTPUT_KEY), prefix: 'answers/' },
      serviceRole: Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`),
    },
  });
  return deployed(rolePolicies(role), { 'AWS::Partition': 'aws' }) as PolicyJson[];
}

test.each([
  ['bedrock:CreateModelInvocationJob', CUSTOM_MODEL, true],
  ['bedrock:InvokeModel', CUSTOM_MODEL, false],
  ['s3:PutObject', 'arn:aws:s3:::input/prompts/1.jsonl', true],
  ['s3:PutObject', 'arn:aws:s3:::input/prompts-of-others/1.jsonl', false],
  ['s3:GetObject', 'arn:aws:s3:::input/prompts/1.jsonl', false],
  ['s3:GetObject', 'arn:aws:s3:::output/answers/1.jsonl', true],
  ['s3:GetObject', 'arn:aws:s3:::output/answers-of-others/1.jsonl', false],
  ['s3:PutObject', 'arn:aws:s3:::output/answers/1.jsonl', false],
])('%s on %s: %s', (action, resource, expected) => {
  expect(allows(policies(), { action, resource, context: { 'aws:RequestTag/plumbline:owner': 'Stack/Role' } })).toBe(expected);
});

test.each([
  ['kms:Decrypt', INPUT_KEY, true],
  ['kms:GenerateDataKey', INPUT_KEY, true],
  ['kms:Decrypt', OUTPUT_KEY, true],
  ['kms:GenerateDataKey', OUTPUT_KEY, false],
])('%s with %s, through S3 of the key\'s Region: %s', async (action, resource, expected) => {
  const isOpen = (context: Record<string, string>) => allowsStrictly(policies(), { action, resource, context });
  await expect(isOpen({ 'kms:ViaService': 's3.us-east-1.amazonaws.com' })).resolves.toBe(expected);
  for (const host of ['s3.us-west-2.amazonaws.com', 's3.us-east-1.amazonaws.com.cn', 'secretsmanager.us-east-1.amazonaws.com']) {
    await expect(isOpen({ 'kms:ViaService': host })).resolves.toBe(false);
  }
  await expect(isOpen({})).resolves.toBe(false);
});

test.each([
  ['us-gov-west-1', 'aws-us-gov', 's3.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'aws-cn', 's3.cn-north-1.amazonaws.com.cn'],
])('in %s the keys serve S3 of that partition', async (region, partition, host) => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
  const encryptionKey = Key.fromKeyArn(stack, 'Key', `arn:${partition}:kms:${region}:${ACCOUNT}:key/1`);
  const bucket = Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'videos', encryptionKey });
  const role = new BedrockTaskRole(stack, 'Role', {
    allowedModels: ['amazon.nova-lite-v1:0'],
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: { bucket, prefix: 'videos/' } },
  });
  const request = { action: 'kms:GenerateDataKey', resource: encryptionKey.keyArn, context: { 'kms:ViaService': host } };
  const inPartition = deployed(rolePolicies(role), { 'AWS::Partition': partition }) as PolicyJson[];
  await expect(allowsStrictly(inPartition, request)).resolves.toBe(true);
});

test('the keys of the data are granted for what is done with it', () => {
  const onKeys = policies()
    .flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => [Action].flat().some(action => action.startsWith('kms:')));
  expect(onKeys.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [['kms:Decrypt', 'kms:GenerateDataKey'], [INPUT_KEY]],
    [['kms:Decrypt'], [OUTPUT_KEY]],
  ]);
});

test.each([
  ['with a slash at its end', 'videos/', 'arn:aws:s3:::data/videos/*'],
  ['without one', 'videos', 'arn:aws:s3:::data/videos/*'],
])('a folder that is a lazy value is the same folder, %s', (_case, prefix, expected) => {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
  const output = { bucket: Bucket.fromBucketName(stack, 'Data', 'data'), prefix: Lazy.string({ produce: () => prefix }) };
  const role = new BedrockTaskRole(stack, 'Role', {
    allowedModels: ['amazon.nova-pro-v1:0'], allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output },
  });
  const granted = deployed(rolePolicies(role), { 'AWS::Partition': 'aws' }) as PolicyJson[];
  const statements = granted.flatMap(({ Statement }) => Statement);
  const allowing = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action));
  expect(allowing('s3:GetObject').flatMap(({ Resource }) => Resource)).toEqual([expected]);
  expect(allowing('s3:ListBucket').map(({ Condition }) => Condition)).toEqual([{ StringLike: { 's3:prefix': 'videos/*' } }]);
});
