import { join } from 'path';
import { App, Aws, Duration, Fn, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Definition, GraphqlApi } from 'aws-cdk-lib/aws-appsync';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as RuleTarget } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnEventSourceMapping, Function, FunctionUrlAuthType, IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination as LogDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Schedule as SchedulerSchedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke as SchedulerTarget } from 'aws-cdk-lib/aws-scheduler-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { existingFunction, newStack, standardLambda } from './support';
import { HandlerKind, StandardLambdaMixin } from '../../src';

/** It shows a message again only when a StandardLambda must be done with it. */
const queueIn = (stack: Stack): Queue => new Queue(stack, 'Queue', { visibilityTimeout: Duration.minutes(20) });

type Connect = (stack: Stack, fn: IFunction) => void;

const EVENT_CALLERS: [string, Connect][] = [
  ['an event source', (stack, fn) => fn.addEventSource(new SqsEventSource(queueIn(stack)))],
  ['an event source that is written as a resource', (stack, fn) => {
    new CfnEventSourceMapping(stack, 'Mapping', {
      functionName: Fn.join('', [fn.functionArn, '']), eventSourceArn: queueIn(stack).queueArn,
    });
  }],
  ['a rule', (stack, fn) => { new Rule(stack, 'Rule', { schedule: Schedule.rate(Duration.days(1)), targets: [new RuleTarget(fn)] }); }],
  ['a schedule', (stack, fn) => {
    new SchedulerSchedule(stack, 'Schedule', { schedule: ScheduleExpression.rate(Duration.days(1)), target: new SchedulerTarget(fn) });
  }],
  ['a state machine', (stack, fn) => {
    const task = new LambdaInvoke(stack, 'Task', { lambdaFunction: fn });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
  }],
  ['a state machine with substitutions', (stack, fn) => {
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromString('{}'), definitionSubstitutions: { fn: fn.functionName },
    });
  }],
  ['a resolver', (stack, fn) => {
    new GraphqlApi(stack, 'Api', {
      name: 'api', definition: Definition.fromFile(join(__dirname, 'schema.graphql')),
    }).addLambdaDataSource('Source', fn);
  }],
  ['a topic', (stack, fn) => { new Topic(stack, 'Topic').addSubscription(new LambdaSubscription(fn)); }],
  ['a bucket', (stack, fn) => { new Bucket(stack, 'Bucket').addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(fn)); }],
  ['a log group', (stack, fn) => {
    new LogGroup(stack, 'Logs').addSubscriptionFilter('Filter', {
      destination: new LogDestination(fn), filterPattern: FilterPattern.allEvents(),
    });
  }],
  ['a pipe', (stack, fn) => {
    new CfnPipe(stack, 'Pipe', {
      roleArn: 'arn:aws:iam::123456789012:role/pipe', source: queueIn(stack).queueArn, target: fn.functionArn,
    });
  }],
  ['any other service that has the right to call', (_stack, fn) => {
    fn.addPermission('Iot', { principal: new ServicePrincipal('iot.amazonaws.com') });
  }],
];

const HTTP_CALLERS: [string, Connect][] = [
  ['a REST API', (stack, fn) => { new LambdaRestApi(stack, 'Api', { handler: fn }); }],
  ['an HTTP API', (stack, fn) => { new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('Integration', fn) }); }],
  ['a WebSocket API', (stack, fn) => {
    new WebSocketApi(stack, 'Api', { defaultRouteOptions: { integration: new WebSocketLambdaIntegration('Integration', fn) } });
  }],
  ['a function URL', (_stack, fn) => { fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }); }],
  ['a load balancer', (stack, fn) => { new ApplicationTargetGroup(stack, 'Group', { targets: [new LambdaTarget(fn)] }); }],
  ['an account', (_stack, fn) => { fn.addPermission('Account', { principal: new ServicePrincipal(Aws.ACCOUNT_ID) }); }],
  ['nothing', () => undefined],
];

function messages(stack: Stack): string[] {
  try {
    (stack.node.root as App).synth();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

describe('a function of explicit kind API', () => {
  test.each(EVENT_CALLERS)('is a finding behind %s', (_what, connect) => {
    const stack = newStack();
    connect(stack, standardLambda(stack, { kind: HandlerKind.API }));
    expect(messages(stack)).toEqual([expect.stringMatching(
      /\[Stack\/Chat\] A function of kind API[^]*given: +\[".*Stack\/[^]*HandlerKind.AUTO/,
    )]);
  });

  test.each(EVENT_CALLERS)('is a finding behind %s of another stack', (_what, connect) => {
    const stack = newStack();
    const fn = standardLambda(stack, { kind: HandlerKind.API });
    connect(new Stack(stack.node.root, 'Other'), fn);
    expect(messages(stack)).toHaveLength(1);
  });

  test.each(EVENT_CALLERS)('is a finding when its alias is behind %s', (_what, connect) => {
    const stack = newStack();
    const fn = standardLambda(stack, { kind: HandlerKind.API });
    connect(stack, new Alias(stack, 'Alias', { aliasName: 'live', version: fn.currentVersion }));
    expect(messages(stack)).toHaveLength(1);
  });

  test.each(HTTP_CALLERS)('is none behind %s', (_what, connect) => {
    const stack = newStack();
    connect(stack, standardLambda(stack, { kind: HandlerKind.API }));
    expect(messages(stack)).toEqual([]);
  });

  test('is none because of the events of another function', () => {
    const stack = newStack();
    standardLambda(stack, { kind: HandlerKind.API });
    const other = standardLambda(stack, {}, 'Other');
    other.addEventSource(new SqsEventSource(queueIn(stack)));
    expect(messages(stack)).toEqual([]);
  });

  test('is a finding by the mixin too', () => {
    const stack = newStack();
    const fn: Function = existingFunction(stack);
    new StandardLambdaMixin({ serviceName: 'cart', kind: HandlerKind.API }).applyTo(fn);
    fn.addEventSource(new SqsEventSource(queueIn(stack)));
    expect(messages(stack)).toHaveLength(1);
  });
});

test.each([undefined, HandlerKind.AUTO, HandlerKind.EVENT])('a function of kind %s may be called by all of them', kind => {
  const stack = newStack();
  const fn = standardLambda(stack, { kind });
  for (const index of [0, 2, 3, 4, 7, 8]) EVENT_CALLERS[index][1](stack, fn);
  expect(messages(stack)).toEqual([]);
});
