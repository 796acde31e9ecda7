import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BedrockCallAlarms, BedrockCallAlarmsProps, CatalogMetric, Standards } from '../../src';
import { ALARMS } from '../../src/contract/data';

interface Query {
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly { readonly Name: string }[] } };
}

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmActions: unknown[];
  readonly Threshold: number;
  readonly Metrics?: readonly Query[];
}

function alarmsOf(props?: BedrockCallAlarmsProps, environment = 'prod'): Alarm[] {
  const stack = new Stack(new App(), 'Stack');
  Standards.apply(stack, { product: 'Shop', environment, checks: false, alarmTopic: new Topic(stack, 'Topic') });
  new BedrockCallAlarms(stack, 'Calls', props);
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return alarms.map(({ Properties }) => Properties as Alarm);
}

test.each<[BedrockCallAlarmsProps | undefined, string, string]>([
  [{ serviceName: 'chat' }, 'prod', 'Shop-chat'], [undefined, 'prod', 'Shop'], [{ serviceName: 'chat' }, 'dev', 'Shop-dev-chat'],
])('%j in %s has two alarms, whose names begin with %s, at the topic of the product', (props, environment, start) => {
  const alarms = alarmsOf(props, environment);
  const names = alarms.map(({ AlarmName }) => AlarmName).sort();
  expect(names).toEqual([`${start}-BedrockRegionFallbackCount`, `${start}-BedrockThrottlingCount`]);
  expect(alarms.map(({ AlarmActions }) => AlarmActions.length)).toEqual([1, 1]);
});

test('more than 5 fallbacks in 5 minutes ring, and no traffic does not', () => {
  expect(alarmsOf().find(({ AlarmName }) => AlarmName.endsWith('FallbackCount'))).toMatchObject({
    Threshold: 5,
    Period: 300,
    EvaluationPeriods: 1,
    Statistic: 'Sum',
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test.each<[string, number | undefined, number | undefined, boolean]>([
  ['11 throttled attempts for 100 requests', 11, 100, true],
  ['10 for 100', 10, 100, false],
  ['300 for 100, where each attempt of all is throttled', 300, 100, true],
  ['no request', undefined, undefined, false],
  ['requests, and no attempt throttled', 0, 100, false],
  ['a throttled attempt whose request counts in the next period', 1, undefined, false],
])('%s', (_what, throttled, requests, isBreaching) => {
  const alarm = alarmsOf().find(({ AlarmName }) => AlarmName.endsWith('ThrottlingCount'))!;
  const expression = alarm.Metrics!.find(({ Expression }) => Expression)!.Expression!;
  const evaluate = new Function('IF', 'FILL', 'counted', 'requests', `return ${expression}`) as (...values: unknown[]) => number;
  const choose = (is: boolean, yes: number, no: number): number => is ? yes : no;
  const fill = (value: number | undefined, none: number): number => value ?? none;
  const share = evaluate(choose, fill, throttled, requests);
  expect(alarm.Threshold).toBe(ALARMS.throttling.thresholdPercent);
  expect(share > alarm.Threshold).toBe(isBreaching);
});

test.each([undefined, { serviceName: 'chat' }])('%j: reads dimension sets that the runtimes emit', props => {
  const emitted = CatalogMetric.catalog().flatMap(({ metricName, dimensionSets }) =>
    dimensionSets.map(set => [metricName, ...[...set].sort()].join()));
  const read = alarmsOf(props).flatMap(({ Metrics = [] }) => Metrics.flatMap(({ MetricStat }) => MetricStat ? [MetricStat.Metric] : []));
  expect(read.map(({ MetricName, Dimensions }) => [MetricName, ...Dimensions.map(({ Name }) => Name).sort()].join())
    .filter(series => !emitted.includes(series))).toEqual([]);
  expect(read).toHaveLength(2);
});
