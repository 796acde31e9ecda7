import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { existingFunction, MODEL, newStack, standardLambda } from './support';
import { BedrockTaskRole, HandlerKind, StandardLambdaMixin } from '../../src';

const durableConfig = { executionTimeout: Duration.hours(1) };

interface Statement {
  readonly Sid: string;
  readonly Action: string[];
  readonly Resource: unknown;
}

function statements(stack: Stack): Statement[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap(policy => policy.Properties.PolicyDocument.Statement as Statement[]);
}

function kindOf(stack: Stack): unknown {
  const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return fn.Properties.Environment.Variables.PLUMBLINE_KIND;
}

test('a durable function may save and read its own executions, and holds no managed policy', () => {
  const stack = newStack();
  standardLambda(stack, { durableConfig });
  const checkpoints = statements(stack).filter(({ Action }) => JSON.stringify(Action).includes('Durable'));
  expect(checkpoints).toEqual([{
    Sid: 'CheckpointOwnExecutions',
    Effect: 'Allow',
    Action: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
    Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^Chat/), 'Arn'] }, ':*']] },
  }]);
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.ManagedPolicyArns).toBeUndefined();
});

test.each([
  ['a BedrockTaskRole', (stack: Stack) => new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] })],
  ['a role of another stack', (stack: Stack) => new Role(new Stack(stack.node.root as App, 'Roles'), 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  })],
])('with %s too, without a cycle', (_what, role) => {
  const stack = newStack();
  standardLambda(stack, { durableConfig, role: role(stack) });
  expect(statements(stack).map(({ Sid }) => Sid)).toContain('CheckpointOwnExecutions');
});

test('the mixin gives an existing durable function the same, and a durable one is known by its resource too', () => {
  for (const durable of [
    (stack: Stack) => existingFunction(stack, { durableConfig }),
    (stack: Stack) => {
      const fn = existingFunction(stack);
      (fn.node.defaultChild as CfnFunction).durableConfig = { executionTimeout: 3600 };
      return fn;
    },
  ]) {
    const stack = newStack();
    durable(stack).with(new StandardLambdaMixin({ serviceName: 'cart' }));
    expect(statements(stack).map(({ Sid }) => Sid)).toContain('CheckpointOwnExecutions');
    expect(kindOf(stack)).toBe('EVENT');
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  }
});

test('keeps the managed policies that somebody else gave to its role', () => {
  const stack = newStack();
  standardLambda(stack, { durableConfig }).role!.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AmazonSQSReadOnlyAccess'));
  const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(role.Properties.ManagedPolicyArns).toHaveLength(1);
});

test.each([undefined, HandlerKind.AUTO, HandlerKind.EVENT])('is of kind EVENT when it is asked for %s', kind => {
  const stack = newStack();
  standardLambda(stack, { durableConfig, kind });
  expect(kindOf(stack)).toBe('EVENT');
});

test.each([HandlerKind.API, HandlerKind.STREAM])('refuses the kind %s', kind => {
  expect(() => standardLambda(newStack(), { durableConfig, kind })).toThrow(
    new RegExp(`\\[Stack/Chat\\] A durable function[^]*given: +"${kind}"[^]*HandlerKind.EVENT`),
  );
});

test('refuses origins: nobody reads its answers over HTTP', () => {
  expect(() => standardLambda(newStack(), { durableConfig, allowOrigins: ['*'] })).toThrow(/carry CORS headers/);
});

test('another function gets none of it', () => {
  const stack = newStack();
  standardLambda(stack);
  expect(JSON.stringify(statements(stack))).not.toContain('Durable');
});

test('AwsSolutions finds nothing in a durable function', () => {
  const stack = newStack();
  standardLambda(stack, { durableConfig });
  expect(new AwsSolutionsChecks(stack.node.root).validateScope(stack).violations).toEqual([]);
});
