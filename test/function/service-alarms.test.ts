import { App, CfnElement, CfnParameter, Duration, Environment, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { existingFunction, standardLambda } from './support';
import { CatalogMetric, ServiceTraffic, StandardLambdaMixin, Standards } from '../../src';

const HERE = { account: '111122223333', region: 'us-east-1' };

function newApp(): App {
  const app = new App();
  Standards.apply(app, { product: 'Shop', environment: 'dev', checks: false });
  return app;
}

/** The names of the alarms by the stack that creates them. */
function alarmsOf(scope: IConstruct): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const alarm of scope.node.findAll().filter((node): node is CfnAlarm => node instanceof CfnAlarm)) {
    const { path } = (alarm as CfnElement).stack.node;
    names[path] = [...names[path] ?? [], alarm.alarmName!].sort();
  }
  return names;
}

const OF_CHAT = ['Shop-dev-chat-ErrorCount-INTERNAL_ERROR', 'Shop-dev-chat-InitFailure', 'Shop-dev-chat-LatencyEndToEndMs-Missing'];

test('two stages of one account, dev and staging, have alarms of their own names', () => {
  const app = new App();
  for (const environment of ['dev', 'staging', 'prod']) {
    const stage = new Stage(app, environment, { env: HERE });
    Standards.apply(stage, { product: 'Shop', environment, checks: false });
    standardLambda(new Stack(stage, 'Stack'));
  }
  app.synth();
  expect(alarmsOf(app)).toEqual({
    'dev/Stack': OF_CHAT,
    'staging/Stack': OF_CHAT.map(name => name.replace('-dev-', '-staging-')),
    'prod/Stack': OF_CHAT.map(name => name.replace('-dev-', '-')),
  });
});

test('two stages of one account, Region and environment are an error at synth that names both', () => {
  const app = newApp();
  for (const id of ['One', 'Two']) standardLambda(new Stack(new Stage(app, id, { env: HERE }), 'Stack'));
  expect(() => app.synth()).toThrow(/\[Two\/Stack\/PlumblineServiceAlarms\/chat[^\]]*\] One\/Stack\/PlumblineServiceAlarms\/chat/);
});

test.each<[string, Environment | undefined]>([['with', HERE], ['without', undefined]])(
  'one service in two stacks %s env has one set of alarms, in the stack that names it first', (_how, env) => {
    const app = newApp();
    const [one, two] = ['One', 'Two'].map(id => new Stack(app, id, { env }));
    standardLambda(one);
    standardLambda(two, { alarms: [CatalogMetric.LATENCY_END_TO_END_MS, CatalogMetric.SESSION_COUNT] });
    app.synth();
    expect(alarmsOf(app)).toEqual({ One: [...OF_CHAT, 'Shop-dev-chat-SessionCount-Missing'] });
    Template.fromStack(two).resourceCountIs('AWS::Logs::MetricFilter', 1);
  });

test('one service in a stack and in one that is nested in it has one set of alarms', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  standardLambda(new NestedStack(stack, 'Nested'));
  standardLambda(stack);
  app.synth();
  expect(alarmsOf(app)).toEqual({ 'Stack/Nested': OF_CHAT });
});

test('one service in two Regions, accounts or environments has its alarms in each', () => {
  const app = newApp();
  standardLambda(new Stack(app, 'One', { env: HERE }));
  standardLambda(new Stack(app, 'OtherRegion', { env: { ...HERE, region: 'eu-west-1' } }));
  standardLambda(new Stack(app, 'OtherAccount', { env: { ...HERE, account: '444455556666' } }));
  const staging = new Stack(app, 'Staging', { env: HERE });
  Standards.apply(staging, { product: 'Shop', environment: 'staging', checks: false });
  standardLambda(staging);
  app.synth();
  expect(Object.keys(alarmsOf(app))).toEqual(['One', 'OtherRegion', 'OtherAccount', 'Staging']);
});

test('two metrics of a team have two alarms, also where area and name read alike together', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  standardLambda(stack, { alarms: [CatalogMetric.team('Hits', { area: 'CacheUser' }), CatalogMetric.team('UserHits', { area: 'Cache' })] });
  expect(alarmsOf(stack).Stack.filter(name => name.endsWith('Missing'))).toEqual([
    'Shop-dev-chat-Cache.UserHits-Missing', 'Shop-dev-chat-CacheUser.Hits-Missing',
  ]);
  Template.fromStack(stack).resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { TreatMissingData: 'breaching' }, 2);
});

describe('a service with sporadic traffic', () => {
  const alarmsWith = (...timeouts: Duration[]): Record<string, unknown>[] => {
    const app = new App();
    Standards.apply(app, { product: 'Shop', environment: 'dev' });
    const stack = new Stack(app, 'Stack', { env: HERE });
    timeouts.forEach((timeout, index) => standardLambda(stack, { traffic: ServiceTraffic.SPORADIC, timeout }, `Fn${index}`));
    const alarms = Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm');
    return Object.values(alarms).map(({ Properties }) => Properties as Record<string, unknown>);
  };

  test('has no alarm that rings while nobody calls, and satisfies the checks', () => {
    const alarms = alarmsWith(Duration.seconds(10));
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      'Shop-dev-chat-ErrorCount-INTERNAL_ERROR', 'Shop-dev-chat-InitFailure', 'Shop-dev-chat-LatencyEndToEndMs-Slow',
    ]);
    expect(alarms.map(({ TreatMissingData }) => TreatMissingData)).toEqual(Array(3).fill('notBreaching'));
  });

  test.each<[string, Duration[], number]>([
    ['its time-out', [Duration.seconds(10)], 9_000],
    ['the longest of its functions\' time-outs', [Duration.seconds(10), Duration.minutes(1), Duration.seconds(5)], 54_000],
  ])('tells of answers that take more than 90 %% of %s', (_whose, timeouts, Threshold) => {
    expect(alarmsWith(...timeouts).find(({ AlarmName }) => String(AlarmName).endsWith('Slow'))).toMatchObject({
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      MetricName: 'EndToEndMs',
      ExtendedStatistic: 'p99',
      Dimensions: [{ Name: 'environment', Value: 'dev' }, { Name: 'service_name', Value: 'chat' }],
    });
  });

  test('must have a time-out that is known at synth', () => {
    const stack = new Stack(newApp(), 'Stack');
    const timeout = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    expect(() => standardLambda(stack, { traffic: ServiceTraffic.SPORADIC, timeout })).toThrow(/must be known at synth/);
  });

  test('may be a function that was there before, with the time-out of Lambda', () => {
    const stack = new Stack(newApp(), 'Stack');
    existingFunction(stack).with(new StandardLambdaMixin({ serviceName: 'chat', traffic: ServiceTraffic.SPORADIC }));
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 2_700 });
  });

  test('cannot name metrics whose silence is a fault', () => {
    const stack = new Stack(newApp(), 'Stack');
    expect(() => standardLambda(stack, { traffic: ServiceTraffic.SPORADIC, alarms: [CatalogMetric.SESSION_COUNT] }))
      .toThrow(/\[Stack\/Chat\] The silence of a service with sporadic traffic is no fault[^]*SessionCount[^]*MissingMetricAlarm/);
  });
});
