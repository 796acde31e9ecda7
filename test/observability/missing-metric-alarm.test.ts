import { App, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CatalogMetric, MissingMetricAlarm, MissingMetricAlarmProps, MuteWindow, Standards } from '../../src';
import { METRIC_CATALOG } from '../../src/contract/data';

function stackWithStandards(): Stack {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  return new Stack(app, 'Stack');
}

test('the product\'s alarm is the one of the standard, property by property', () => {
  const stack = stackWithStandards();
  new MissingMetricAlarm(stack, 'Missing', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT });
  const [alarm] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(alarm.Properties).toEqual({
    AlarmName: 'MangaAssist-BedrockInvocationCount-Missing',
    AlarmDescription: expect.any(String),
    Namespace: 'MangaAssist/Bedrock',
    MetricName: 'InvocationCount',
    Dimensions: [{ Name: 'environment', Value: 'prod' }],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 2,
    Threshold: 0,
    ComparisonOperator: 'LessThanOrEqualToThreshold',
    TreatMissingData: 'breaching',
  });
});

test('the CDK knows the words that the standard has for the alarm', () => {
  const { comparisonOperator, treatMissingData } = METRIC_CATALOG.missingAlarm;
  expect(Object.values(ComparisonOperator)).toContain(comparisonOperator);
  expect(Object.values(TreatMissingData)).toContain(treatMissingData);
});

test('a service\'s alarm carries its name and reads its dimension set', () => {
  const stack = stackWithStandards();
  new MissingMetricAlarm(stack, 'Missing', { metric: CatalogMetric.BEDROCK_INVOCATION_COUNT, serviceName: 'chat' });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'MangaAssist-chat-BedrockInvocationCount-Missing',
    Dimensions: Match.arrayEquals([{ Name: 'environment', Value: 'prod' }, { Name: 'service_name', Value: 'chat' }]),
  });
});

test('is muted from 02:00 to 08:00 Asia/Tokyo by one rule that all alarms of the stack share', () => {
  const stack = stackWithStandards();
  for (const serviceName of ['chat', 'cart', 'recommendation']) {
    new MissingMetricAlarm(stack, serviceName, { metric: CatalogMetric.LATENCY_END_TO_END_MS, serviceName });
  }
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::AlarmMuteRule'));
  expect(rules).toHaveLength(1);
  expect(rules[0].Properties.MuteTargets.AlarmNames).toHaveLength(3);
  expect(rules[0].Properties.Rule.Schedule).toEqual({ Expression: 'cron(0 2 * * *)', Timezone: 'Asia/Tokyo', Duration: 'PT6H' });
});

test('the 101st alarm of a window goes to a second rule', () => {
  const stack = stackWithStandards();
  for (let i = 0; i < 101; i++) {
    new MissingMetricAlarm(stack, `Alarm${i}`, { metric: CatalogMetric.LATENCY_END_TO_END_MS, serviceName: `s${i}` });
  }
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::AlarmMuteRule'));
  expect(rules.map(rule => rule.Properties.MuteTargets.AlarmNames.length).sort()).toEqual([1, 100]);
});

test('each window has its rule, and MuteWindow.none() has none', () => {
  const stack = stackWithStandards();
  const metric = CatalogMetric.LATENCY_END_TO_END_MS;
  new MissingMetricAlarm(stack, 'Night', {
    metric, serviceName: 'a', muteWindow: MuteWindow.daily({ start: '23:15', end: '05:00', timeZone: TimeZone.EUROPE_BERLIN }),
  });
  new MissingMetricAlarm(stack, 'Always', { metric, serviceName: 'b', muteWindow: MuteWindow.none() });
  new MissingMetricAlarm(stack, 'Standard', { metric, serviceName: 'c' });
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::AlarmMuteRule'));
  expect(rules.map(rule => rule.Properties.Rule.Schedule.Expression).sort()).toEqual(['cron(0 2 * * *)', 'cron(15 23 * * *)']);
  expect(rules.flatMap(rule => rule.Properties.MuteTargets.AlarmNames)).toHaveLength(2);
});

test('tells the topic of the standards', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  Standards.apply(stack, { product: 'P', environment: 'dev', alarmTopic: new Topic(stack, 'Topic') });
  new MissingMetricAlarm(stack, 'Missing', { metric: CatalogMetric.SESSION_COUNT });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: Match.stringLikeRegexp('Topic') }] });
});

test('period, evaluation periods and name can be set', () => {
  const stack = stackWithStandards();
  new MissingMetricAlarm(stack, 'Missing', {
    metric: CatalogMetric.SESSION_COUNT, period: Duration.minutes(1), evaluationPeriods: 15, alarmName: 'sessions',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'sessions', Period: 60, EvaluationPeriods: 15 });
});

const DAY = 24 * 60;
test.each<[string, number, Partial<MissingMetricAlarmProps>, number, number]>([
  ['twice its freshness of 5 minutes', 5, {}, 300, 2],
  ['twice its freshness of an hour', 60, {}, 3600, 2],
  ['twice its freshness of a day', DAY, {}, 24 * 3600, 2],
  ['once its freshness of 5 days: CloudWatch looks back 7', 5 * DAY, {}, 5 * 24 * 3600, 1],
  ['in whole minutes, twice its freshness of 90 seconds', 1.5, {}, 120, 2],
  ['as often as the given period fits in', 5, { period: Duration.minutes(1) }, 60, 10],
  ['once with a period that is longer', 5, { period: Duration.days(1) }, 24 * 3600, 1],
  ['as often as is given', 60, { evaluationPeriods: 5 }, 3600, 5],
])('watches for the silence of a metric %s', (_what, minutes, props, Period, EvaluationPeriods) => {
  const stack = stackWithStandards();
  const metric = CatalogMetric.team('Orders', { freshness: Duration.seconds(minutes * 60) });
  new MissingMetricAlarm(stack, 'Missing', { metric, ...props });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Period, EvaluationPeriods });
});

test.each(CatalogMetric.catalog().filter(metric => metric.zeroIsFault))('watches $id for its freshness of the catalogue', metric => {
  const stack = stackWithStandards();
  new MissingMetricAlarm(stack, 'Missing', { metric });
  const { freshnessSeconds } = METRIC_CATALOG.metrics.find(({ id }) => id === metric.id)!;
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Period: freshnessSeconds, EvaluationPeriods: 2 });
});

test.each(CatalogMetric.catalog().filter(metric => !metric.zeroIsFault))('refuses $id, whose zero is good news', metric => {
  expect(() => new MissingMetricAlarm(stackWithStandards(), 'Missing', { metric })).toThrow(
    /zero .* is good news[^]*BEDROCK_INVOCATION_COUNT/,
  );
});

test('without standards the error names the construct', () => {
  expect(() => new MissingMetricAlarm(new Stack(new App(), 'Lonely'), 'Missing', { metric: CatalogMetric.SESSION_COUNT }))
    .toThrow(/\[Lonely\] There are no Standards/);
});
