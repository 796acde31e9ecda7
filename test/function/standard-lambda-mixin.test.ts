import { join } from 'path';
import { App, Mixins, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { existingFunction, LAYER_HANDLER, newStack } from './support';
import { StandardLambdaMixin } from '../../src';

describe('StandardLambdaMixin', () => {
  test('gives a NodejsFunction what a StandardLambda has', () => {
    const stack = newStack();
    const fn = new NodejsFunction(stack, 'Existing', {
      entry: join(__dirname, '../support/plain-handler.ts'),
      runtime: Runtime.NODEJS_22_X,
    });
    Mixins.of(fn).apply(new StandardLambdaMixin({ serviceName: 'cart' }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: LAYER_HANDLER,
      Runtime: 'nodejs22.x',
      Environment: { Variables: { PLUMBLINE_HANDLER: 'index.handler', PLUMBLINE_SERVICE_NAME: 'cart' } },
    });
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  });

  test('Function.logGroup is the function\'s own group afterwards, not a custom resource', () => {
    const stack = newStack();
    const fn = existingFunction(stack);
    fn.with(new StandardLambdaMixin({ serviceName: 'cart' }));
    expect(fn.logGroup).toBe(fn.node.findChild('LogGroup'));
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('works with a role of another stack without a cycle', () => {
    const stack = newStack();
    const role = new Role(new Stack(stack.node.root as App, 'Roles'), 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    existingFunction(stack, { role }).with(new StandardLambdaMixin({ serviceName: 'cart' }));
    (stack.node.root as App).synth();
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('leaves an imported role that may not be changed alone', () => {
    const stack = newStack();
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/fixed', { mutable: false });
    existingFunction(stack, { role, tracing: Tracing.ACTIVE }).with(new StandardLambdaMixin({ serviceName: 'cart' }));
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('applied to a whole scope, touches its functions only', () => {
    const stack = newStack();
    existingFunction(stack);
    new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    Mixins.of(stack).apply(new StandardLambdaMixin({ serviceName: 'cart' }));
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Handler: LAYER_HANDLER });
  });

  test('applied twice is an error', () => {
    const fn = existingFunction(newStack());
    fn.with(new StandardLambdaMixin({ serviceName: 'cart' }));
    expect(() => fn.with(new StandardLambdaMixin({ serviceName: 'cart' }))).toThrow(/has the standard already/);
  });

  test('cannot be applied to an alias', () => {
    const fn = existingFunction(newStack());
    const alias = new Alias(fn, 'Alias', { aliasName: 'live', version: fn.currentVersion });
    expect(new StandardLambdaMixin({ serviceName: 'cart' }).supports(alias)).toBe(false);
    expect(() => new StandardLambdaMixin({ serviceName: 'cart' }).applyTo(alias)).toThrow(/given: +"Alias"/);
  });
});
