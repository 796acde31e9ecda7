import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { actionData } from './support/action-data';
import { deployed } from './support/deployed';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, allows, PolicyJson } from './support/simulation';
import { BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';

const REGION = 'us-east-1';
const BASE = 'amazon.nova-lite-v1:0:300k';
const REQUESTED = 'aws:RequestTag/plumbline:owner';
const CARRIED = 'aws:ResourceTag/plumbline:owner';
const OWNER = 'Stack/Role';
const SOMEONE = 'Stack/Role2';
const own = (resource: string) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:${resource}`;
const model = (id: string) => `arn:aws:bedrock:${REGION}::foundation-model/${id}`;

function newStack(): Stack {
  return new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
}

function jobPermissions(stack: Stack): BedrockPermissions {
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
  const role = Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`);
  const folder = (prefix: string) => ({ bucket, prefix });
  return {
    allowedModels: ['amazon.nova-pro-v1:0'],
    allowBatchInference: true,
    batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder('prompts/'), output: folder('answers/'), serviceRole: role },
    allowFineTuning: true,
    fineTuning: { baseModels: [BASE], trainingData: folder('training/'), output: folder('tuned/'), customizationRole: role },
    allowAsyncInvoke: true,
    asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: folder('videos/') },
  };
}

function policiesOf(permissions: Partial<BedrockPermissions> = {}): PolicyJson[] {
  const stack = newStack();
  return rolePolicies(new BedrockTaskRole(stack, 'Role', { ...jobPermissions(stack), ...permissions }));
}

const MAKING: [string, string][] = [
  ['bedrock:CreateModelInvocationJob', model('amazon.nova-lite-v1:0')],
  ['bedrock:CreateModelInvocationJob', own('model-invocation-job/abcdefghijkl')],
  ['bedrock:CreateModelCustomizationJob', model(BASE)],
  ['bedrock:CreateModelCustomizationJob', own(`custom-model/${BASE}/abcdefghijkl`)],
  ['bedrock:InvokeModel', model('amazon.nova-reel-v1:0')],
  ['bedrock:InvokeModel', own('async-invoke/abcdefghijkl')],
];
const USING: [string, string][] = [
  ['bedrock:GetModelInvocationJob', own('model-invocation-job/abcdefghijkl')],
  ['bedrock:StopModelInvocationJob', own('model-invocation-job/abcdefghijkl')],
  ['bedrock:GetModelCustomizationJob', own(`model-customization-job/${BASE}/abcdefghijkl`)],
  ['bedrock:StopModelCustomizationJob', own(`model-customization-job/${BASE}/abcdefghijkl`)],
  ['bedrock:GetAsyncInvoke', own('async-invoke/abcdefghijkl')],
];
const TAGGED = [
  own('model-invocation-job/abcdefghijkl'), own(`model-customization-job/${BASE}/abcdefghijkl`), own(`custom-model/${BASE}/abcdefghijkl`),
  own('async-invoke/abcdefghijkl'),
];

describe('a role makes only what says that it is its own', () => {
  const policies = policiesOf();

  test.each(MAKING)('%s on %s', (action, resource) => {
    const isOpen = (context: Record<string, string>) => allows(policies, { action, resource, context });
    expect(isOpen({ [REQUESTED]: OWNER })).toBe(true);
    expect([isOpen({}), isOpen({ [REQUESTED]: SOMEONE }), isOpen({ [CARRIED]: OWNER }), isOpen({ [REQUESTED]: '' })])
      .toEqual([false, false, false, false]);
  });

  test.each(TAGGED)('which asks for TagResource on %s', resource => {
    const isOpen = (context: Record<string, string>) => allows(policies, { action: 'bedrock:TagResource', resource, context });
    expect([isOpen({ [REQUESTED]: OWNER }), isOpen({ [REQUESTED]: OWNER, [CARRIED]: OWNER })]).toEqual([true, true]);
    expect([isOpen({}), isOpen({ [REQUESTED]: SOMEONE })]).toEqual([false, false]);
  });

  test.each(TAGGED)('it does not take over %s', resource => {
    const takeOver = { action: 'bedrock:TagResource', resource, context: { [REQUESTED]: OWNER, [CARRIED]: SOMEONE } };
    expect(allows(policies, takeOver)).toBe(false);
    expect(allows(policies, { ...takeOver, action: 'bedrock:UntagResource' })).toBe(false);
  });
});

test.each(USING)('%s on %s is for its own alone', (action, resource) => {
  const isOpen = (context: Record<string, string>) => allows(policiesOf(), { action, resource, context });
  expect(isOpen({ [CARRIED]: OWNER })).toBe(true);
  expect([isOpen({}), isOpen({ [CARRIED]: SOMEONE }), isOpen({ [REQUESTED]: OWNER })]).toEqual([false, false, false]);
});

describe('jobOwner', () => {
  const policies = policiesOf({ jobOwner: 'nightly-summaries' });

  test('is whose jobs they are, for every role that names it', () => {
    const isOpen = (action: string, key: string, owner: string) =>
      allows(policies, { action, resource: own('model-invocation-job/abcdefghijkl'), context: { [key]: owner } });
    expect(isOpen('bedrock:CreateModelInvocationJob', REQUESTED, 'nightly-summaries')).toBe(true);
    expect(isOpen('bedrock:GetModelInvocationJob', CARRIED, 'nightly-summaries')).toBe(true);
    expect(isOpen('bedrock:GetModelInvocationJob', CARRIED, OWNER)).toBe(false);
  });

  test('is the value of the tag that the role tells', () => {
    const stack = newStack();
    const role = new BedrockTaskRole(stack, 'Shared', { ...jobPermissions(stack), jobOwner: 'nightly-summaries' });
    expect(role.jobTag).toEqual({ key: 'plumbline:owner', value: 'nightly-summaries' });
  });

  test('is the role\'s stack and path by default', () => {
    const role = new BedrockTaskRole(newStack(), 'Role', { allowedModels: ['amazon.nova-pro-v1:0'] });
    expect(role.jobTag).toEqual({ key: 'plumbline:owner', value: OWNER });
  });

  test('tells stacks of one construct apart by their names, and nested stacks by their place', () => {
    const stack = new Stack(new App(), 'Stack', { stackName: 'chat-staging' });
    const roles = [new Construct(stack, 'Service'), new NestedStack(stack, 'Nested')]
      .map(scope => new BedrockTaskRole(scope, 'Role', { allowedModels: ['amazon.nova-pro-v1:0'] }));
    expect(roles.map(({ jobTag }) => jobTag.value)).toEqual(['chat-staging/Service/Role', 'chat-staging/Nested/Role']);
  });

  test.each(['*', 'Röle', 'a'.repeat(300)])('is a value that a tag can have, for a role called %s', id => {
    const stack = newStack();
    const [one, other] = ['x', 'y'].map(end => new BedrockTaskRole(stack, `${id}${end}`, { allowedModels: ['amazon.nova-pro-v1:0'] }));
    expect(one.jobTag.value).toMatch(/^[A-Za-z0-9 ._:/=+@-]{1,256}$/);
    expect(one.jobTag.value).not.toBe(other.jobTag.value);
  });
});

test.each<[string, (stack: Stack) => IRole, string]>([
  ['an imported role', stack => Role.fromRoleArn(stack, 'Existing', `arn:aws:iam::${ACCOUNT}:role/existing`), 'Stack/Existing'],
  ['a BedrockTaskRole', stack => new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-pro-v1:0'] }), OWNER],
])('%s that is granted jobs later gets its own', (_what, roleIn, owner) => {
  const stack = newStack();
  const role = roleIn(stack);
  BedrockGrants.grantPermissions(role, jobPermissions(stack));
  const policies = deployed(rolePolicies(role), { 'AWS::Partition': 'aws' }) as PolicyJson[];
  const [action, resource] = USING[0];
  expect([owner, SOMEONE].map(value => allows(policies, { action, resource, context: { [CARRIED]: value } }))).toEqual([true, false]);
});

describe('the service authorisation data', () => {
  test.each(MAKING)('knows the request\'s tags for %s', async action => {
    expect((await actionData(action)).conditionKeys).toContain('aws:RequestTag/${TagKey}');
  });

  test.each(USING)('knows the tags of what %s is about', async action => {
    const { resourceTypes } = await actionData(action);
    expect(resourceTypes.map(({ conditionKeys }) => conditionKeys)).toEqual([['aws:ResourceTag/${TagKey}']]);
  });
});
