import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  ArnPrincipal, Group, IGrantable, IIdentity, LazyRole, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Code, Function, Tracing } from 'aws-cdk-lib/aws-lambda';
import { rolePolicies } from './support/role-policies';
import { ACCOUNT, allows } from './support/simulation';
import { BedrockGrants, GenAiEndpoint, GenAiModel, StandardLambda, Standards } from '../../src';

const NOVA = 'amazon.nova-pro-v1:0';
const NOVA_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`;
const OTHER_ACCOUNT = '999988887777';
const manyModels = Array.from({ length: 200 }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);
const lambda = new ServicePrincipal('lambda.amazonaws.com');
const roleArn = (account: string) => `arn:aws:iam::${account}:role/x`;

function newStack(env: { account: string; region: string } | undefined = { account: ACCOUNT, region: 'us-east-1' }): Stack {
  return new Stack(new App(), 'Stack', { env });
}

/** What a grant does, and how many models it names: few fit an inline policy, many need managed ones. */
const GRANTS: Record<string, (grantee: IGrantable) => void> = {
  'a grant of one model': grantee => BedrockGrants.grantInvoke(grantee, [NOVA]),
  'a grant of many models': grantee => BedrockGrants.grantInvoke(grantee, [NOVA, ...manyModels]),
};

/** What the CDK leaves as it is. */
const LEFT_ALONE: Record<string, (stack: Stack) => IGrantable> = {
  'a role imported as immutable': stack => Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT), { mutable: false }),
  'a role imported as immutable by its name': stack => Role.fromRoleName(stack, 'X', 'x', { mutable: false }),
  'an immutable role that grants through resources': stack =>
    Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT), { mutable: false, addGrantsToResources: true }),
  'a role of this app without policy updates': stack => new Role(stack, 'Own', { assumedBy: lambda }).withoutPolicyUpdates(),
  'a role of another account': stack => Role.fromRoleArn(stack, 'X', roleArn(OTHER_ACCOUNT)),
  'a user of another account': stack => User.fromUserArn(stack, 'X', `arn:aws:iam::${OTHER_ACCOUNT}:user/x`),
  'a function with an immutable role': stack => Function.fromFunctionAttributes(stack, 'X', {
    functionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:x`,
    role: Role.fromRoleArn(stack, 'XRole', roleArn(ACCOUNT), { mutable: false }),
  }),
};

/** What the CDK attaches policies to. */
const CHANGED: Record<string, (stack: Stack) => IIdentity> = {
  'a role of this stack': stack => new Role(stack, 'Own', { assumedBy: lambda }),
  'an imported role': stack => Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT)),
  'an imported role by its name': stack => Role.fromRoleName(stack, 'X', 'x'),
  'a lazy role that is used': stack => {
    const role = new LazyRole(stack, 'Lazy', { assumedBy: lambda });
    expect(role.roleArn).toBeDefined();
    return role;
  },
  'a user': stack => new User(stack, 'User'),
  'an imported user': stack => User.fromUserName(stack, 'User', 'x'),
  'a group': stack => new Group(stack, 'Group'),
  'an imported group': stack => Group.fromGroupName(stack, 'Group', 'x'),
};

describe('a grant on an endpoint', () => {
  const endpointIn = (stack: Stack) =>
    new GenAiEndpoint(stack, 'Endpoint', { model: GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16') });
  const ofOwnAccount = Object.keys(LEFT_ALONE).filter(who => !who.includes('another account'));

  test.each(ofOwnAccount)('leaves %s as it is, and a warning holds the statement to add by hand', who => {
    const stack = newStack();
    endpointIn(stack).grantInvoke(LEFT_ALONE[who](stack));
    expect(attachedPolicies(stack)).toHaveLength(1);
    expect(missingStatements(stack)).toEqual([{
      Effect: 'Allow',
      Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      Resource: expect.stringMatching(/^<Endpoint/),
    }]);
  });

  test.each(Object.keys(CHANGED))('is attached to %s, without a warning', who => {
    const stack = newStack();
    endpointIn(stack).grantInvoke(CHANGED[who](stack));
    expect(attachedPolicies(stack)).toHaveLength(2);
    expect(missingStatements(stack)).toEqual([]);
  });
});

const policyTypes = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'];

function attachedPolicies(stack: Stack): unknown[] {
  const resources = Object.values((Template.fromStack(stack).toJSON().Resources ?? {}) as Record<string, { Type: string }>);
  return resources.filter(({ Type }) => policyTypes.includes(Type));
}

function missingStatements(stack: Stack): { Action: string[]; Resource: string | string[] }[] {
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('statements to its policies by hand'));
  const told = /by hand: (.*) \[ack: cdk-plumbline:statementsNotAttached\]$/s;
  return warnings.flatMap(({ entry }) => JSON.parse(told.exec(String(entry.data))![1]));
}

describe.each(Object.keys(GRANTS))('%s', grant => {
  test.each(Object.keys(LEFT_ALONE))('leaves %s as it is, and a warning holds the statements to add by hand', who => {
    const stack = newStack();
    GRANTS[grant](LEFT_ALONE[who](stack));
    expect(attachedPolicies(stack)).toEqual([]);
    const actions = missingStatements(stack).flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['bedrock:InvokeModel']));
  });

  test.each(Object.keys(CHANGED))('is attached to %s, without a warning', who => {
    const stack = newStack();
    GRANTS[grant](CHANGED[who](stack));
    expect(attachedPolicies(stack).length).toBeGreaterThan(0);
    expect(missingStatements(stack)).toEqual([]);
  });
});

test.each([
  ['imported as immutable', (stack: Stack) => Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT), { mutable: false })],
  ['of another account', (stack: Stack) => Role.fromRoleArn(stack, 'X', roleArn(OTHER_ACCOUNT))],
  ['without policy updates', (stack: Stack) => new Role(stack, 'Own', { assumedBy: lambda }).withoutPolicyUpdates()],
])('a function whose role is %s tells what the role must allow', (_case, role) => {
  const stack = newStack();
  Standards.apply(stack, { product: 'Shop', environment: 'dev', checks: false });
  new StandardLambda(stack, 'Chat', {
    serviceName: 'chat',
    code: Code.fromInline('exports.handler = () => 1;'),
    handler: 'index.handler',
    role: role(stack),
    tracing: Tracing.ACTIVE,
  });
  expect(attachedPolicies(stack)).toEqual([]);
  const actions = missingStatements(stack).flatMap(({ Action }) => Action);
  expect(actions).toEqual(expect.arrayContaining(['logs:PutLogEvents', 'xray:PutTraceSegments']));
});

test.each(['a user', 'a group'])('%s holds managed policies: inline ones are shorter there than a role\'s', who => {
  const stack = newStack();
  BedrockGrants.grantInvoke(CHANGED[who](stack), [NOVA]);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 1);
});

test('the statements of the warning allow what was granted', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT), { mutable: false }), [NOVA]);
  const policy = { Version: '2012-10-17', Statement: missingStatements(stack) as never };
  expect(allows([policy], { action: 'bedrock:InvokeModel', resource: NOVA_ARN })).toBe(true);
  expect(allows([policy], { action: 'bedrock:ListFoundationModels', resource: '*' })).toBe(true);
});

test('what the deployment fills in is named in the warning', () => {
  const stack = new Stack(new App(), 'Stack');
  BedrockGrants.grantInvoke(Role.fromRoleName(stack, 'X', 'x', { mutable: false }), [NOVA]);
  expect(missingStatements(stack)[0].Resource).toEqual([`arn:<AWS::Partition>:bedrock:<AWS::Region>::foundation-model/${NOVA}`]);
});

test('the statements for a role of another account are of that account', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(Role.fromRoleArn(stack, 'X', roleArn(OTHER_ACCOUNT)), ['us.amazon.nova-pro-v1:0']);
  const arns = missingStatements(stack).flatMap(({ Resource }) => Resource);
  expect(arns).toContain(`arn:aws:bedrock:us-east-1:${OTHER_ACCOUNT}:inference-profile/us.amazon.nova-pro-v1:0`);
  expect(arns.filter(text => text.includes(ACCOUNT))).toEqual([]);
});

test('a second grant warns of what it adds only', () => {
  const stack = newStack();
  const role = Role.fromRoleArn(stack, 'X', roleArn(ACCOUNT), { mutable: false });
  BedrockGrants.grantInvoke(role, [NOVA]);
  BedrockGrants.grantInvoke(role, [NOVA, 'amazon.nova-lite-v1:0']);
  const resources = missingStatements(stack).flatMap(({ Resource }) => Resource);
  expect(resources.filter(resource => resource === NOVA_ARN)).toHaveLength(1);
  expect(resources).toContain('arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0');
});

test('a role without policy updates keeps its tags too', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(new Role(stack, 'Own', { assumedBy: lambda }).withoutPolicyUpdates(), [NOVA]);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { Tags: Match.absent() });
});

test('a lazy role that nobody uses is not made, and makes no policy', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(new LazyRole(stack, 'Lazy', { assumedBy: lambda }), [NOVA]);
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

test('a lazy role that is used afterwards holds what it was granted', () => {
  const stack = newStack();
  const role = new LazyRole(stack, 'Lazy', { assumedBy: lambda });
  BedrockGrants.grantInvoke(role, [NOVA]);
  expect(role.roleArn).toBeDefined();
  expect(allows(rolePolicies(role).filter(policy => policy), { action: 'bedrock:InvokeModel', resource: NOVA_ARN })).toBe(true);
});

test('a function without a role of its own in the app is warned of', () => {
  const stack = newStack();
  BedrockGrants.grantInvoke(Function.fromFunctionArn(stack, 'X', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:x`), [NOVA]);
  expect(missingStatements(stack).flatMap(({ Action }) => Action)).toContain('bedrock:InvokeModel');
});

test('a principal that can hold no policy is refused', () => {
  expect(() => BedrockGrants.grantInvoke(new ArnPrincipal(roleArn(ACCOUNT)), [NOVA])).toThrow(/holds no policies[^]*given:[^]*fix: /);
});
