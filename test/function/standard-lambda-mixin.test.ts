import { join } from 'path';
import { App, Duration, Mixins, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { existingFunction, LAYER_HANDLER, newStack, standardLambda } from './support';
import { Envelope, HandlerKind, StandardLambdaMixin } from '../../src';

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

describe('the envelope of a function that has callers already', () => {
  const variablesWith = (envelope?: Envelope, kind?: HandlerKind) => {
    const stack = newStack();
    Mixins.of(existingFunction(stack)).apply(new StandardLambdaMixin({ serviceName: 'chat', envelope, kind }));
    const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as {
      Properties: { Environment: { Variables: Record<string, string> } };
    }[];
    return resource.Properties.Environment.Variables;
  };

  test.each([[undefined], [Envelope.ON]])('is the runtime\'s default, %p, which no variable says', envelope => {
    expect(variablesWith(envelope)).not.toHaveProperty('PLUMBLINE_ENVELOPE');
  });

  test.each([Envelope.LOG_ONLY, Envelope.OFF])('%s is told to the runtime, whatever the kind', envelope => {
    for (const kind of [undefined, ...Object.values(HandlerKind)]) {
      expect(variablesWith(envelope, kind)).toMatchObject({ PLUMBLINE_ENVELOPE: envelope });
    }
  });

  test.each([[Envelope.ON, 1], [Envelope.LOG_ONLY, 0], [Envelope.OFF, 0]])(
    '%s: whether a queue loses the errors of a function of kind API', (envelope, errors) => {
      const stack = newStack();
      const fn = standardLambda(stack, { kind: HandlerKind.API, envelope, timeout: Duration.seconds(20) });
      fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
      const lost = fn.node.validate().filter(error => error.includes('A function of kind API answers HTTP'));
      expect(lost).toHaveLength(errors);
    });
});
