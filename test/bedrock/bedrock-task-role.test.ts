import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Policy, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { version } from '../../package.json';
import { BedrockTaskRole, BedrockTaskRoleProps } from '../../src';
import { actionsOf, bedrockPrefixes, requestsOf } from './support/action-data';
import { roleResources, rolePolicies } from './support/role-policies';
import { ACCOUNT, allows, allowsStrictly } from './support/simulation';

const SONNET = 'anthropic.claude-3-sonnet-20240229-v1:0';
const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const ENV = { account: ACCOUNT, region: 'us-east-1' };

/** The policy of the standard, written down by hand. */
const STANDARD_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'BedrockInvoke',
      Effect: 'Allow',
      Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      Resource: [
        'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0',
        'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0',
      ],
    },
    { Sid: 'BedrockListForHealthCheck', Effect: 'Allow', Action: ['bedrock:ListFoundationModels'], Resource: '*' },
  ],
};

function taskRole(props: Partial<BedrockTaskRoleProps> = {}, context: Record<string, unknown> = {}): BedrockTaskRole {
  const stack = new Stack(new App({ context }), 'Stack', { env: ENV });
  return new BedrockTaskRole(stack, 'Role', { allowedModels: [SONNET, HAIKU], ...props });
}

describe('the policy for Claude 3 Sonnet and Haiku in us-east-1', () => {
  const flagsOfVersion2 = Object.entries(cxapi.FLAGS).filter(([, { introducedIn }]) => introducedIn.v2 !== undefined);
  const recommended = Object.fromEntries(flagsOfVersion2.map(([flag, { recommendedValue }]) => [flag, recommendedValue]));

  test.each([
    ['no feature flag', {}],
    ['every feature flag as recommended', recommended],
    ['@aws-cdk/aws-iam:minimizePolicies', { [cxapi.IAM_MINIMIZE_POLICIES]: true }],
  ])('is the policy of the standard, under %s', (_flags, context) => {
    const policies = rolePolicies(taskRole({}, context));
    expect(policies).toEqual([STANDARD_POLICY]);
  });

  test('stands in the role itself, so that nothing can invoke before it', () => {
    expect(Object.keys(roleResources(taskRole()))).toHaveLength(1);
  });

  test('simulated over every action of every Bedrock service, allows what it says and nothing more', async () => {
    const policies = rolePolicies(taskRole());
    const models = STANDARD_POLICY.Statement[0].Resource as string[];
    const actions = await actionsOf(await bedrockPrefixes(), 'aws', 'us-east-1');
    const requests = [
      ...requestsOf(actions),
      ...requestsOf(actions.filter(({ resources }) => !resources.includes('*')).map(({ action }) => ({ action, resources: models }))),
    ];
    expect(actions.length).toBeGreaterThan(250);
    const allowed = requests.filter(request => allows(policies, request)).map(({ action, resource }) => `${action} ${resource}`);
    expect(allowed.sort()).toEqual([
      'bedrock:ListFoundationModels *',
      ...models.flatMap(model => [`bedrock:InvokeModel ${model}`, `bedrock:InvokeModelWithResponseStream ${model}`]),
    ].sort());
  });

  test('is a policy that IAM takes, for requests that AWS knows', async () => {
    const policies = rolePolicies(taskRole());
    const haiku = `arn:aws:bedrock:us-east-1::foundation-model/${HAIKU}`;
    await expect(allowsStrictly(policies, { action: 'bedrock:InvokeModel', resource: haiku })).resolves.toBe(true);
    await expect(allowsStrictly(policies, { action: 'bedrock:ListFoundationModels', resource: '*' })).resolves.toBe(true);
    await expect(allowsStrictly(policies, { action: 'bedrock:CountTokens', resource: haiku })).resolves.toBe(false);
  });
});

describe('a stack without a fixed account or Region', () => {
  test('names the models by the partition and Region it is deployed to', () => {
    const stack = new Stack(new App(), 'Stack');
    new BedrockTaskRole(stack, 'Role', { allowedModels: [HAIKU] });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyDocument: Match.objectLike({
            Statement: Match.arrayWith([
              Match.objectLike({
                Sid: 'BedrockInvoke',
                Resource: [
                  {
                    'Fn::Join': [
                      '',
                      ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:', { Ref: 'AWS::Region' }, `::foundation-model/${HAIKU}`],
                    ],
                  },
                ],
              }),
            ]),
          }),
        },
      ],
    });
  });

  test.each([['us-gov-west-1', 'aws-us-gov'], ['cn-north-1', 'aws-cn']])('in %s the ARNs are those of %s', (region, partition) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region } });
    const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [HAIKU] });
    expect(rolePolicies(role)[0].Statement[0].Resource).toEqual([`arn:${partition}:bedrock:${region}::foundation-model/${HAIKU}`]);
  });
});

describe('the role', () => {
  test('carries the library\'s version, and Lambda may assume it', () => {
    Template.fromStack(Stack.of(taskRole())).hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'plumbline:version', Value: version }],
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      }),
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('is assumed by Lambda for functions of its own account alone', () => {
    const trust = (role: BedrockTaskRole) => Object.values(roleResources(role))[0].Properties.AssumeRolePolicyDocument;
    const anywhere = new BedrockTaskRole(new Stack(new App(), 'Stack'), 'Role', { allowedModels: [HAIKU] });
    expect([trust(taskRole()), trust(anywhere)]).toEqual([ACCOUNT, { Ref: 'AWS::AccountId' }].map(account => ({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'lambda.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      }],
    })));
  });

  test('can be assumed by someone else', () => {
    const role = taskRole({ assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    expect(JSON.stringify(Object.values(roleResources(role))[0].Properties.AssumeRolePolicyDocument)).toContain('ecs-tasks.amazonaws.com');
  });

  test('is known as what it is, and another role is not', () => {
    const role = taskRole();
    expect(BedrockTaskRole.isBedrockTaskRole(role)).toBe(true);
    expect(BedrockTaskRole.isBedrockTaskRole(new Policy(role, 'Other'))).toBe(false);
    expect(role.allowedModels).toEqual([SONNET, HAIKU]);
  });

  test('tells which models a plain invocation can probe: no prompts, and none under a guardrail', () => {
    const prompt = `arn:aws:bedrock:us-east-1:${ACCOUNT}:prompt/ABCDEFGHIJ`;
    const guardrail = { guardrailArn: `arn:aws:bedrock:us-east-1:${ACCOUNT}:guardrail/gr1`, version: '1' };
    expect(taskRole({ allowedModels: [HAIKU, prompt] }).probeableModels).toEqual([HAIKU]);
    expect(taskRole({ guardrail }).probeableModels).toEqual([]);
  });

  test('leaves no AwsSolutions finding, seen by a unit test and at synth', () => {
    const role = taskRole();
    const app = role.node.root as App;
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a wrong allowedModels says where, what and how to mend it', () => {
  test.each([
    ['an empty list', []],
    ['a wildcard for everything', ['*']],
    ['a wildcard in an id', ['anthropic.claude-3-*']],
    ['a one-letter wildcard', ['anthropic.claude-3-haiku-20240307-v?:0']],
    ['an id without provider', ['claude-3-haiku']],
    ['a name as people write it', ['Claude 3 Haiku']],
    ['an empty id', ['']],
    ['a model named twice', [HAIKU, HAIKU]],
  ])('%s', (_case, allowedModels) => {
    expect(() => taskRole({ allowedModels })).toThrow(/^\[Stack\] BedrockTaskRole "Role": .+\n +given: +.+\n +allowed: .+\n +fix: +.+$/);
  });
});
