import { App, CfnCondition, CfnMapping, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal, CfnPolicy, CfnRole, Effect, PolicyStatement, PolicyStatementProps, Role, ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { BedrockTaskRole } from '../../../../src/bedrock';
import { PlumblineChecks } from '../../../../src/governance';
import { BedrockNoWildcard } from '../../../../src/governance/pack/rules';
import { RuleCase, testRule, Verdict } from '../support/rule-cases';

const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0';
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const INVOKE = 'bedrock:InvokeModel';

const role = (stack: Stack, id = 'Role'): Role => new Role(stack, id, { assumedBy: LAMBDA });
const allow = (actions: string[], resources: string[]): PolicyStatement => new PolicyStatement({ actions, resources });
const modelArn = (stack: Stack, resourceName: string): string =>
  stack.formatArn({ service: 'bedrock', account: '', resource: 'foundation-model', resourceName });
const json = (content: object): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...content }] });

/** A statement in a policy of a role, as most apps have it. */
function statement(name: string, props: PolicyStatementProps, verdict: Verdict): RuleCase {
  return { name, verdict, build: stack => { role(stack).addToPolicy(new PolicyStatement(props)); } };
}

/** A policy document just as it would stand in a template. */
function document(name: string, content: object, verdict: Verdict): RuleCase {
  return {
    name,
    verdict,
    build: stack => {
      new CfnCondition(stack, 'Wide');
      new CfnPolicy(stack, 'Policy', { policyName: 'P', policyDocument: content, roles: ['somebody'] });
    },
  };
}

describe('actions', () => {
  testRule(BedrockNoWildcard, [
    statement('one action on one model is compliant', { actions: [INVOKE], resources: [MODEL] }, 'compliant'),
    statement('listing models is compliant, because AWS defines it without resources',
      { actions: ['bedrock:ListFoundationModels'], resources: ['*'] }, 'compliant'),
    statement('other services may have wildcards', { actions: ['s3:Get*', 'dynamodb:*'], resources: ['*'] }, 'compliant'),
    statement('bedrock:*', { actions: ['bedrock:*'], resources: [MODEL] }, ['Action::bedrock:*']),
    statement('upper case', { actions: ['BEDROCK:*'], resources: [MODEL] }, ['Action::BEDROCK:*']),
    statement('InvokeModel*', { actions: ['bedrock:InvokeModel*'], resources: [MODEL] }, ['Action::bedrock:InvokeModel*']),
    document('a question mark', json({ Action: 'bedrock:?nvokeModel', Resource: MODEL }), ['Action::bedrock:?nvokeModel']),
    statement('a star in the middle', { actions: ['bedrock:Get*Model'], resources: [MODEL] }, ['Action::bedrock:Get*Model']),
    document('a star in the service', json({ Action: 'bed*:InvokeModel', Resource: MODEL }), ['Action::bed*:InvokeModel']),
    statement('another Bedrock prefix', { actions: ['bedrock-agentcore:*'], resources: ['*'] }, ['Action::bedrock-agentcore:*']),
    document('everything', json({ Action: '*', Resource: '*' }), ['Action::*', 'Resource::*']),
    statement('each wildcard is named',
      { actions: ['bedrock:Get*', 'bedrock:List*', 's3:*'], resources: [MODEL] }, ['Action::bedrock:Get*', 'Action::bedrock:List*']),
    document('everything on one bucket is compliant',
      json({ Action: '*', Resource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'] }), 'compliant'),
    {
      name: 'everything on a bucket of the app is compliant',
      build: stack => {
        const bucket = new Bucket(stack, 'Bucket');
        role(stack).addToPolicy(allow(['*'], [bucket.bucketArn, bucket.arnForObjects('*')]));
      },
      verdict: 'compliant',
    },
    document('everything of Bedrock is found on whatever resource',
      json({ Action: 'bedrock:*', Resource: 'arn:aws:s3:::bucket' }), ['Action::bedrock:*']),
    document('an effect known only at deployment may be Allow',
      json({ Effect: { Ref: 'Effect' }, Action: 'bedrock:*', Resource: MODEL }), ['Action::bedrock:*']),
    statement('a Deny is never found', { effect: Effect.DENY, actions: ['bedrock:*'], resources: ['*'] }, 'compliant'),
  ]);
});

describe('NotAction', () => {
  testRule(BedrockNoWildcard, [
    statement('that leaves Bedrock open', { notActions: ['iam:*'], resources: ['*'] }, ['NotAction']),
    statement('that leaves a part of Bedrock open', { notActions: ['bedrock:Invoke*'], resources: ['*'] }, ['NotAction']),
    statement('that closes Bedrock is compliant', { notActions: ['BEDROCK:*', 'iam:*'], resources: ['*'] }, 'compliant'),
    statement('that closes everything is compliant', { notActions: ['*'], resources: ['*'] }, 'compliant'),
    statement('on a bucket is compliant', { notActions: ['s3:Delete*'], resources: ['arn:aws:s3:::bucket/*'] }, 'compliant'),
    statement('in a Deny is never found', { effect: Effect.DENY, notActions: ['iam:*'], resources: ['*'] }, 'compliant'),
  ]);
});

describe('models of an invocation', () => {
  const invoke = (resource: string, verdict: Verdict): RuleCase =>
    statement(resource, { actions: [INVOKE], resources: [resource] }, verdict);
  const found = (resource: string): RuleCase => invoke(resource, [`Resource::${resource}`]);
  testRule(BedrockNoWildcard, [
    found('*'),
    found('arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0'),
    found('arn:aws:bedrock:us-*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0'),
    found('arn:aws:bedrock:us-east-1:*:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0'),
    found('arn:aws:bedrock:us-east-1::foundation-model/*'),
    found('arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-?-haiku'),
    found('arn:aws:bedrock:*'),
    found('arn:*'),
    invoke('arn:aws:bedrock:::foundation-model/anthropic.claude-3-haiku-20240307-v1:0', 'compliant'),
    invoke('arn:aws:bedrock:us-east-1:111122223333:async-invoke/*', 'compliant'),
    found('arn:aws:bedrock:*:111122223333:async-invoke/*'),
    statement('a wildcard on a bucket beside it is compliant',
      { actions: [INVOKE, 's3:GetObject'], resources: [MODEL, 'arn:aws:s3:::bucket/*'] }, 'compliant'),
    statement('streamed as well', { actions: ['bedrock:invokemodelwithresponsestream'], resources: ['*'] }, ['Resource::*']),
    statement('NotResource leaves all others open', { actions: [INVOKE], notResources: [MODEL] }, ['NotResource']),
    statement('other actions may have a wildcard resource', { actions: ['bedrock:ApplyGuardrail'], resources: ['*'] }, 'compliant'),
  ]);
});

describe('tokens', () => {
  testRule(BedrockNoWildcard, [
    {
      name: 'an ARN made of the stack\'s partition and Region is compliant',
      build: stack => role(stack).addToPolicy(allow([INVOKE], [modelArn(stack, 'a.b-v1:0')])),
      verdict: 'compliant',
    },
    {
      name: 'Fn::Join with a wildcard model',
      build: stack => role(stack).addToPolicy(allow([INVOKE], [modelArn(stack, '*')])),
      verdict: ['Resource::arn:<token>:bedrock:<token>::foundation-model/*'],
    },
    {
      name: 'a reference alone is compliant',
      build: stack => {
        const profile = new CfnResource(stack, 'Profile', { type: 'AWS::Bedrock::ApplicationInferenceProfile' });
        role(stack).addToPolicy(allow([INVOKE], [profile.getAtt('Arn').toString()]));
      },
      verdict: 'compliant',
    },
    document('Fn::Sub is compliant without a wildcard',
      json({ Action: INVOKE, Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/a.b-v1:0' } }),
      'compliant'),
    document('Fn::Sub with a wildcard Region',
      json({ Action: INVOKE, Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:bedrock:*::foundation-model/a.b-v1:0' } }),
      ['Resource::arn:<token>:bedrock:*::foundation-model/a.b-v1:0']),
    document('Fn::Sub with a variable that holds the wildcard',
      json({ Action: { 'Fn::Sub': ['bedrock:${Which}', { Which: '*' }] }, Resource: MODEL }), ['Action::bedrock:*']),
    document('Fn::Join of an action', json({ Action: { 'Fn::Join': [':', ['bedrock', '*']] }, Resource: MODEL }), ['Action::bedrock:*']),
    document('one branch of Fn::If', json({ Action: { 'Fn::If': ['Wide', 'bedrock:*', INVOKE] }, Resource: MODEL }), ['Action::bedrock:*']),
    document('Fn::If inside of Fn::Join',
      json({ Action: { 'Fn::Join': ['', ['bedrock:', { 'Fn::If': ['Wide', '*', 'InvokeModel'] }]] }, Resource: MODEL }),
      ['Action::bedrock:*']),
    document('a statement under Fn::If', {
      Statement: [{ 'Fn::If': ['Wide', { Effect: 'Allow', Action: 'bedrock:*', Resource: MODEL }, { Ref: 'AWS::NoValue' }] }],
    }, ['Action::bedrock:*']),
    document('a single statement that is not in a list',
      { Statement: { Effect: 'Allow', Action: 'bedrock:*', Resource: MODEL } }, ['Action::bedrock:*']),
    {
      name: 'a parameter with a wildcard as its default',
      build: stack => role(stack).addToPolicy(allow([new CfnParameter(stack, 'Action', { default: 'bedrock:*' }).valueAsString], [MODEL])),
      verdict: ['Action::bedrock:*'],
    },
    {
      name: 'a parameter that allows a wildcard',
      build: stack => {
        const region = new CfnParameter(stack, 'Region', { default: 'us-east-1', allowedValues: ['us-east-1', '*'] }).valueAsString;
        role(stack).addToPolicy(allow([INVOKE], [`arn:aws:bedrock:${region}::foundation-model/a.b-v1:0`]));
      },
      verdict: ['Resource::arn:aws:bedrock:*::foundation-model/a.b-v1:0'],
    },
    {
      name: 'a parameter without values is compliant: nobody knows it yet',
      build: stack => role(stack).addToPolicy(allow([new CfnParameter(stack, 'Action').valueAsString], ['*'])),
      verdict: 'compliant',
    },
    {
      name: 'a mapping that the template does not hold is compliant',
      build: stack => role(stack).addToPolicy(allow([INVOKE], [Fn.findInMap('Models', 'a', 'b')])),
      verdict: 'compliant',
    },
    {
      name: 'any entry of a mapping, where the key is known only at deployment',
      build: stack => {
        const mapping = { 'us-east-1': { arn: MODEL }, 'eu-west-1': { arn: 'arn:aws:bedrock:eu-west-1::foundation-model/*' } };
        const models = new CfnMapping(stack, 'Models', { mapping });
        role(stack).addToPolicy(allow([INVOKE], [models.findInMap(stack.region, 'arn')]));
      },
      verdict: ['Resource::arn:aws:bedrock:eu-west-1::foundation-model/*'],
    },
    {
      name: 'Fn::Select of Fn::Split',
      build: stack => role(stack).addToPolicy(allow([Fn.select(0, Fn.split(',', 'bedrock:*,s3:GetObject'))], [MODEL])),
      verdict: ['Action::bedrock:*'],
    },
    {
      name: 'a CommaDelimitedList',
      build: stack => {
        const actions = new CfnParameter(stack, 'Actions', { type: 'CommaDelimitedList', default: 's3:GetObject,bedrock:*' }).valueAsList;
        role(stack).addToPolicy(allow(actions, [MODEL]));
      },
      verdict: ['Action::bedrock:*'],
    },
    {
      name: 'toJsonString around references',
      build: stack => {
        const inlinePolicy = stack.toJsonString(json({ Action: 'bedrock:*', Resource: modelArn(stack, 'a.b-v1:0') }));
        new CfnPermissionSet(stack, 'Set', { instanceArn: 'arn', name: 'n', inlinePolicy });
      },
      verdict: ['Action::bedrock:*'],
    },
    {
      name: 'an override is what counts',
      build: stack => {
        const user = new User(stack, 'User');
        user.addToPolicy(allow([INVOKE], [MODEL]));
        const policy = user.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy;
        policy.addPropertyOverride('PolicyDocument.Statement.0.Action', 'bedrock:*');
      },
      verdict: ['Action::bedrock:*'],
    },
  ]);
});

describe('what it does not look at', () => {
  testRule(BedrockNoWildcard, [
    {
      name: 'a BedrockTaskRole is compliant',
      build: stack => new BedrockTaskRole(stack, 'Role', { allowedModels: ['anthropic.claude-3-haiku-20240307-v1:0'] }),
      verdict: 'compliant',
    },
    {
      name: 'a trust policy',
      build: stack => new Role(stack, 'Role', { assumedBy: new AccountRootPrincipal() }),
      verdict: 'compliant',
    },
    {
      name: 'resources without policies',
      build: stack => new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket' }),
      verdict: 'not applicable',
    },
  ]);

  testRule(BedrockNoWildcard, [{
    name: 'a construct id like one of the CDK\'s providers hides nothing',
    build: stack => {
      const policies = [{ policyName: 'P', policyDocument: json({ Action: '*', Resource: '*' }) }];
      new CfnRole(new Construct(stack, 'Custom::AnythingCustomResourceProvider'), 'Role', { assumeRolePolicyDocument: {}, policies });
    },
    verdict: ['Action::*', 'Resource::*'],
  }]);

  testRule(BedrockNoWildcard, [{
    name: 'what the caller gives to a provider of the CDK is found',
    build: stack => {
      new AwsCustomResource(stack, 'Call', {
        onCreate: { service: 'Bedrock', action: 'listFoundationModels', physicalResourceId: PhysicalResourceId.of('x') },
        policy: AwsCustomResourcePolicy.fromStatements([allow(['bedrock:*'], ['*'])]),
      });
    },
    verdict: ['Action::bedrock:*', 'Resource::*'],
  }]);
});

test('a condition keeps two wildcards apart, so that one acknowledgement does not cover the other', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  role(stack).addToPolicy(allow(['bedrock:Get*', 'bedrock:List*'], [MODEL]));
  const ids = new PlumblineChecks().validateScope(app).violations.map(violation => violation.ruleName);
  expect(ids).toEqual(['Get*', 'List*'].map(action => `PlumblineChecks-BedrockNoWildcard[Action::bedrock:${action}]`));
});

test('any Bedrock action with some of its characters made wildcards is found', () => {
  const actions = [
    'bedrock:InvokeModel', 'bedrock:CreateModelCustomizationJob', 'bedrock-mantle:CreateInference', 'bedrock:DeleteGuardrail',
  ];
  const wildcard = fc.tuple(fc.constantFrom(...actions), fc.nat(), fc.nat(8), fc.constantFrom('*', '?'), fc.boolean());
  fc.assert(fc.property(wildcard, ([action, at, length, sign, upper]) => {
    const start = at % action.length;
    const end = Math.min(action.length, sign === '?' ? start + 1 : start + length);
    const pattern = action.slice(0, start) + sign + action.slice(end);
    const stack = new Stack(new App(), 'Stack');
    const policyDocument = json({ Action: upper ? pattern.toUpperCase() : pattern, Resource: MODEL });
    new CfnPolicy(stack, 'Policy', { policyName: 'P', policyDocument, roles: ['somebody'] });
    return !new PlumblineChecks().validateScope(stack).success;
  }), { numRuns: 300 });
});
