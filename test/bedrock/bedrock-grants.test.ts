import { App, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnGuardrail } from 'aws-cdk-lib/aws-bedrock';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BedrockDataLocation, BedrockGrants, BedrockPermissions, BedrockTaskRole } from '../../src';
import { rolePolicies, roleResources } from './support/role-policies';
import { ACCOUNT, StatementJson } from './support/simulation';

const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const SONNET = 'anthropic.claude-3-sonnet-20240229-v1:0';
const EVERYTHING: BedrockPermissions = {
  allowedModels: [HAIKU, 'us.amazon.nova-pro-v1:0', 'global.amazon.nova-2-lite-v1:0', 'amazon.titan-embed-text-v2:0'],
  allowEmbeddings: true,
  allowCrossRegion: true,
  allowInlineAgents: true,
  allowOpenAiEndpoint: true,
};

function newStack(): Stack {
  return new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: 'us-east-1' } });
}

function existingRole(stack: Stack): Role {
  return new Role(stack, 'Existing', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
}

function asyncInto(output: BedrockDataLocation): BedrockPermissions {
  return { allowedModels: [HAIKU], allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output } };
}

/** Every (action, resource, condition) of a stack's policies. */
function triples(statements: StatementJson[]): string[] {
  return statements
    .flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap(action => [Resource].flat().map(resource => `${action} ${resource} ${JSON.stringify(Condition ?? {})}`)),
    )
    .sort();
}

const statementsOf = (role: Role): StatementJson[] => rolePolicies(role).flatMap(({ Statement }) => Statement);

test('an existing role gets the statements that a BedrockTaskRole is made of', () => {
  const role = existingRole(newStack());
  BedrockGrants.grantPermissions(role, EVERYTHING);
  expect(statementsOf(role)).toEqual(statementsOf(new BedrockTaskRole(newStack(), 'Role', EVERYTHING)));
});

test('it carries the library\'s version then', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(existingRole(stack), [HAIKU]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Tags: [{ Key: 'plumbline:version' }] });
});

test('a role of another stack or account is granted by its ARN', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(Role.fromRoleArn(stack, 'Imported', `arn:aws:iam::${ACCOUNT}:role/existing`), [HAIKU]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: ['existing'] });
});

describe('a statement never doubles', () => {
  test('when the same is granted again', () => {
    const role = existingRole(newStack());
    BedrockGrants.grantPermissions(role, EVERYTHING);
    const before = roleResources(role);
    BedrockGrants.grantPermissions(role, EVERYTHING);
    expect(roleResources(role)).toEqual(before);
  });

  test('when a grant overlaps with another', () => {
    const role = existingRole(newStack());
    BedrockGrants.grantInvoke(role, [HAIKU]);
    BedrockGrants.grantInvoke(role, [HAIKU, SONNET]);
    const all = triples(statementsOf(role));
    expect(all).toEqual([...new Set(all)]);
    expect(all).toHaveLength(2 * 2 + 1);
  });

  test('when what it names is a resource', () => {
    const stack = newStack();
    const role = existingRole(stack);
    const bucket = new Bucket(stack, 'Data');
    const permissions = asyncInto({ bucket, prefix: 'videos/' });
    BedrockGrants.grantPermissions(role, permissions);
    const before = roleResources(role);
    BedrockGrants.grantPermissions(role, permissions);
    expect(roleResources(role)).toEqual(before);
  });

  test('when a BedrockTaskRole is granted what it has', () => {
    const role = new BedrockTaskRole(newStack(), 'Role', EVERYTHING);
    BedrockGrants.grantPermissions(role, EVERYTHING);
    expect(Object.keys(roleResources(role))).toHaveLength(1);
  });
});

describe('what has one name now and another in the template is not the same', () => {
  const readable = (role: Role) => JSON.stringify(statementsOf(role).filter(({ Action }) => [Action].flat().includes('s3:GetObject')));

  test('resources of two stacks with one logical id', () => {
    const app = new App();
    const [one, two, stack] = ['One', 'Two', 'Stack'].map(id => new Stack(app, id, { env: { account: ACCOUNT, region: 'us-east-1' } }));
    const role = existingRole(stack);
    const buckets = [one, two].map(scope => new Bucket(scope, 'Data'));
    for (const bucket of buckets) BedrockGrants.grantPermissions(role, asyncInto({ bucket, prefix: 'videos/' }));
    expect(readable(role)).toContain('One:ExportsOutput');
    expect(readable(role)).toContain('Two:ExportsOutput');
  });

  test('two lazy values that are not there yet', () => {
    const stack = newStack();
    const role = existingRole(stack);
    const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
    const names: string[] = [];
    for (const index of [0, 1]) {
      const prefix = Lazy.string({ produce: () => names[index] ?? 'later' });
      BedrockGrants.grantPermissions(role, asyncInto({ bucket, prefix }));
    }
    names.push('one', 'two');
    expect(readable(role)).toContain('data/one/*');
    expect(readable(role)).toContain('data/two/*');
  });

  test('guardrails of two stacks with one logical id', () => {
    const app = new App();
    const [one, two, stack] = ['One', 'Two', 'Stack'].map(id => new Stack(app, id, { env: { account: ACCOUNT, region: 'us-east-1' } }));
    const [own, other] = [one, two].map(scope => {
      const made = new CfnGuardrail(scope, 'Guardrail', { name: 'g', blockedInputMessaging: 'no', blockedOutputsMessaging: 'no' });
      return { guardrailArn: made.attrGuardrailArn, version: '1' };
    });
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [HAIKU], guardrail: own });
    expect(() => BedrockGrants.grantPermissions(role, { allowedModels: [SONNET], guardrail: own })).not.toThrow();
    expect(() => BedrockGrants.grantPermissions(role, { allowedModels: [SONNET], guardrail: other })).toThrow(/is another/);
  });
});

describe('policies over the size limits of IAM', () => {
  const models = (count: number) => Array.from({ length: count }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);
  const characters = (policy: unknown) => JSON.stringify(policy).length;

  test.each([60, 75, 90, 200, 500])('%i models: no policy is too large, and nothing is lost or doubled', count => {
    const role = new BedrockTaskRole(newStack(), 'Role', { allowedModels: models(count) });
    const resources = Object.values(roleResources(role));
    const managed = resources.filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
    for (const { Properties } of managed) expect(characters(Properties.PolicyDocument)).toBeLessThanOrEqual(6144);
    expect(managed.length).toBeLessThanOrEqual(10);
    const [{ Properties }] = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
    const inline = (Properties.Policies ?? []) as { PolicyDocument: unknown }[];
    expect(inline.reduce((sum, { PolicyDocument }) => sum + characters(PolicyDocument), 0)).toBeLessThanOrEqual(10_240 - 2_048);
    expect(triples(statementsOf(role))).toEqual([...new Set([
      'bedrock:ListFoundationModels * {}',
      ...models(count).flatMap(model => ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream']
        .map(action => `${action} arn:aws:bedrock:us-east-1::foundation-model/${model} {}`)),
    ])].sort());
  });

  test('managed policies are attached to the role, and sids are unique in each', () => {
    const role = new BedrockTaskRole(newStack(), 'Role', { allowedModels: models(200) });
    const resources = roleResources(role);
    const managed = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
    const [{ Properties }] = Object.values(resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(managed.length).toBeGreaterThan(1);
    expect(Properties.ManagedPolicyArns).toEqual(managed.map(([id]) => ({ Ref: id })));
    for (const { Statement } of rolePolicies(role)) {
      const sids = Statement.map(({ Sid }) => Sid);
      expect(sids).toEqual([...new Set(sids)]);
    }
  });

  test('grants to one role that are small each, and too much together, leave the inline policies', () => {
    const role = existingRole(newStack());
    for (let part = 0; part < 4; part++) BedrockGrants.grantInvoke(role, models(200).slice(part * 50, part * 50 + 50));
    const types = Object.values(roleResources(role)).map(({ Type }) => Type);
    expect(types.filter(type => type === 'AWS::IAM::Policy')).toHaveLength(1);
    expect(types.filter(type => type === 'AWS::IAM::ManagedPolicy').length).toBeGreaterThan(0);
  });

  test('what is known only at deployment counts at its longest', () => {
    const fixed = new BedrockTaskRole(newStack(), 'Role', { allowedModels: models(85) });
    const open = new BedrockTaskRole(new Stack(new App(), 'Open'), 'Role', { allowedModels: models(85) });
    expect(Object.keys(roleResources(fixed))).toHaveLength(1);
    expect(Object.keys(roleResources(open)).length).toBeGreaterThan(1);
  });
});
