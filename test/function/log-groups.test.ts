import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnFunction, LoggingFormat } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, ILogGroup, LogGroup, LogGroupClass } from 'aws-cdk-lib/aws-logs';
import { existingFunction, newStack, standardLambda } from './support';
import { StandardLambdaMixin, Standards } from '../../src';

const NO_STANDARD = /\[Stack\/\w+\] The alarm on failed starts[^]*Standard log groups only[^]*given: +"\w+"[^]*LogGroupClass.STANDARD/;

function filters(stack: Stack): { readonly pattern: string; readonly group: unknown }[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter'))
    .map(({ Properties }) => ({ pattern: Properties.FilterPattern as string, group: Properties.LogGroupName as unknown }));
}

describe('a log group of another class than Standard, which takes no metric filter,', () => {
  const classes = [LogGroupClass.INFREQUENT_ACCESS, LogGroupClass.DELIVERY];

  test.each(classes)('is an error: %s', logGroupClass => {
    const stack = newStack();
    expect(() => standardLambda(stack, { logGroup: new LogGroup(stack, 'Logs', { logGroupClass }) })).toThrow(NO_STANDARD);
  });

  test.each(classes)('is one under the mixin too: %s', logGroupClass => {
    const stack = newStack();
    const fn = existingFunction(stack, { logGroup: new LogGroup(stack, 'Logs', { logGroupClass }) });
    expect(() => fn.with(new StandardLambdaMixin({ serviceName: 'cart' }))).toThrow(NO_STANDARD);
  });

  test('is one in another stack too', () => {
    const stack = newStack();
    const logs = new LogGroup(new Stack(stack.node.root as App, 'Logs'), 'Logs', { logGroupClass: LogGroupClass.INFREQUENT_ACCESS });
    expect(() => standardLambda(stack, { logGroup: logs })).toThrow(NO_STANDARD);
  });

  test('is one when only the resource of the function names it', () => {
    const stack = newStack();
    const logs = new CfnLogGroup(stack, 'Logs', { logGroupClass: 'INFREQUENT_ACCESS' });
    const fn = existingFunction(stack);
    (fn.node.defaultChild as CfnFunction).loggingConfig = { logGroup: logs.ref };
    expect(() => fn.with(new StandardLambdaMixin({ serviceName: 'cart' }))).toThrow(NO_STANDARD);
  });

  test('is one at synth when it becomes so later', () => {
    const stack = newStack();
    const logs = new LogGroup(stack, 'Logs');
    standardLambda(stack, { logGroup: logs });
    (logs.node.defaultChild as CfnLogGroup).addPropertyOverride('LogGroupClass', 'INFREQUENT_ACCESS');
    expect(() => (stack.node.root as App).synth()).toThrow(NO_STANDARD);
  });
});

test.each<[string, (stack: Stack) => ILogGroup]>([
  ['Standard, by name', stack => new LogGroup(stack, 'Logs', { logGroupClass: LogGroupClass.STANDARD })],
  ['Standard, by default', stack => new LogGroup(stack, 'Logs')],
  ['imported: nobody knows its class', stack => LogGroup.fromLogGroupName(stack, 'Logs', '/shop/chat')],
])('a log group is taken that is %s', (_what, logGroup) => {
  const stack = newStack();
  standardLambda(stack, { logGroup: logGroup(stack) });
  expect(filters(stack)).toHaveLength(1);
});

test('the filter reads the log group that the resource of the function names', () => {
  const stack = newStack();
  const fn = existingFunction(stack);
  (fn.node.defaultChild as CfnFunction).loggingConfig = { logGroup: '/shop/chat' };
  fn.with(new StandardLambdaMixin({ serviceName: 'cart' }));
  expect(filters(stack).map(({ group }) => group)).toEqual(['/shop/chat']);
  expect(fn.logGroup.logGroupName).toBe('/shop/chat');
  Template.fromStack(stack).resourceCountIs('Custom::LogRetention', 0);
});

describe('failed starts in a log group of several services', () => {
  const FAILED = '(($.event = "init_failed") || ($.event = "iam_validation_failed"))';
  const own = (service: string, environment = 'prod') =>
    `{ ${FAILED} && ($.service_name = "${service}") && ($.environment = "${environment}") }`;

  test('are told apart by the service and the environment in the line', () => {
    const stack = newStack();
    const logGroup = new LogGroup(stack, 'Logs');
    standardLambda(stack, { logGroup }, 'Chat');
    standardLambda(stack, { logGroup, serviceName: 'cart' }, 'Cart');
    expect(filters(stack).map(({ pattern }) => pattern)).toEqual([own('chat'), own('cart')]);
  });

  test('also when the groups are imported by one name, and Lambda writes text', () => {
    const stack = newStack();
    const imported = (id: string) => LogGroup.fromLogGroupName(stack, id, '/shop/all');
    standardLambda(stack, { logGroup: imported('A'), loggingFormat: LoggingFormat.TEXT }, 'Chat');
    standardLambda(stack, { logGroup: imported('B'), serviceName: 'cart' }, 'Cart');
    expect(filters(stack).map(({ pattern }) => pattern)).toEqual([own('chat'), own('cart')]);
  });

  test('also when one service writes to it from two environments', () => {
    const app = new App();
    const stack = new Stack(app, 'Logs');
    const logGroup = new LogGroup(stack, 'Logs');
    for (const environment of ['dev', 'staging']) {
      const scope = new Stack(app, environment);
      Standards.apply(scope, { product: 'Shop', environment, checks: false });
      standardLambda(scope, { logGroup });
    }
    app.synth();
    const patterns = ['dev', 'staging'].flatMap(id => filters(app.node.findChild(id) as Stack).map(({ pattern }) => pattern));
    expect(patterns).toEqual([own('chat', 'dev'), own('chat', 'staging')]);
  });

  test('are read from Lambda\'s own report where all functions are of one service', () => {
    const stack = newStack();
    const logGroup = new LogGroup(stack, 'Logs');
    standardLambda(stack, { logGroup }, 'Api');
    standardLambda(stack, { logGroup }, 'Worker');
    standardLambda(stack, { serviceName: 'cart' }, 'Cart');
    expect(filters(stack).every(({ pattern }) => pattern.includes('platform.initReport'))).toBe(true);
  });
});
