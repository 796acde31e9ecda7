import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CatalogMetric, ErrorCodeAlarms, ErrorCodeAlarmsProps, Standards } from '../../src';
import { ERROR_CODES } from '../../src/contract/data';

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions: { readonly Name: string }[] };
    readonly Period: number;
    readonly Stat: string;
  };
}

interface AlarmProperties {
  readonly AlarmName: string;
  readonly Metrics?: readonly MetricQuery[];
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
}

function alarmsOf(props?: ErrorCodeAlarmsProps, environment = 'prod'): ReadonlyMap<string, AlarmProperties> {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment, checks: false });
  const stack = new Stack(app, 'Stack');
  new ErrorCodeAlarms(stack, 'Errors', props);
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return new Map(alarms.map(({ Properties }) => [Properties.AlarmName as string, Properties as AlarmProperties]));
}

/** What CloudWatch makes of the alarm's expression; undefined stands for a metric without data in the period. */
function valueOf({ Metrics = [] }: AlarmProperties, data: Readonly<Record<string, number | undefined>>): number {
  const expression = Metrics.find(({ Expression }) => Expression)!.Expression!;
  const names = Metrics.filter(({ MetricStat }) => MetricStat).map(({ Id }) => Id);
  const evaluate = new Function('IF', 'FILL', ...names, `return ${expression}`) as (...values: unknown[]) => number;
  return evaluate((is: boolean, yes: number, no: number) => is ? yes : no, (value: number | undefined, none: number) => value ?? none,
    ...names.map(name => data[name]));
}

test('a service has an alarm on each code with a share; StandardLambda brings the one on INTERNAL_ERROR', () => {
  expect([...alarmsOf({ serviceName: 'chat' }).keys()].sort()).toEqual([
    'MangaAssist-chat-ErrorCount-AUTH_FAILED', 'MangaAssist-chat-ErrorCount-CONTENT_POLICY_VIOLATION',
    'MangaAssist-chat-ErrorCount-RETRIEVAL_FAILED', 'MangaAssist-chat-ErrorCount-THROTTLE',
  ]);
});

test('the product has one on every code with a threshold, named after its environment elsewhere than in production', () => {
  const names = [...alarmsOf({}, 'staging').keys()];
  expect(names).toContain('MangaAssist-staging-ErrorCount-INTERNAL_ERROR');
  expect(names).toHaveLength(Object.values(ERROR_CODES.codes).filter(code => 'alarm' in code).length);
});

const SHARES: [string, number, number, number][] = [
  ['THROTTLE', 1, 300, 1], ['RETRIEVAL_FAILED', 2, 300, 1], ['AUTH_FAILED', 0.5, 300, 3], ['CONTENT_POLICY_VIOLATION', 0.1, 60, 1],
];

describe.each(SHARES)('%s', (code, percent, seconds, periods) => {
  const alarm = (): AlarmProperties => alarmsOf({ serviceName: 'chat' }).get(`MangaAssist-chat-ErrorCount-${code}`)!;
  const requests = 100_000;
  const errors = requests * percent / 100;

  test(`rings above ${percent} % of requests, and not at it`, () => {
    const { Threshold, ComparisonOperator, EvaluationPeriods, Metrics } = alarm();
    expect([ComparisonOperator, EvaluationPeriods]).toEqual(['GreaterThanThreshold', periods]);
    expect(Metrics!.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toEqual([seconds, seconds]);
    expect(valueOf(alarm(), { counted: errors + 1, requests })).toBeGreaterThan(Threshold);
    expect(valueOf(alarm(), { counted: errors, requests })).toBeLessThanOrEqual(Threshold);
  });

  test.each([
    ['no traffic', {}],
    ['traffic of zero', { counted: 0, requests: 0 }],
    ['traffic without an error', { requests }],
    ['an error whose request counts in the next period', { counted: 1 }],
  ])('stays quiet with %s', (_name, data) => {
    expect(valueOf(alarm(), data)).toBe(0);
    expect(alarm().TreatMissingData).toBe('notBreaching');
  });

  test('reads dimension sets that the runtimes emit', () => {
    const sets = [CatalogMetric.ERROR_COUNT, CatalogMetric.LATENCY_END_TO_END_MS].flatMap(metric =>
      metric.dimensionSets.map(set => [metric.metricName, ...[...set].sort()].join()));
    for (const props of [{ serviceName: 'chat' }, {}]) {
      for (const { Metrics = [] } of alarmsOf(props).values()) {
        for (const { MetricStat } of Metrics.filter(query => query.MetricStat)) {
          const { MetricName, Dimensions } = MetricStat!.Metric;
          expect(sets).toContain([MetricName, ...Dimensions.map(({ Name }) => Name).sort()].join());
        }
      }
    }
  });
});

test.each<[string, ErrorCodeAlarmsProps, RegExp]>([
  ['a code without a threshold', { errorCodes: ['THROTTLE', 'NOT_FOUND'] }, /no threshold for some[\s\S]*given: +\["NOT_FOUND"\]/],
  ['a name of every object', { errorCodes: ['constructor'] }, /no threshold/],
  ['no code at all', { errorCodes: [] }, /errorCodes is empty/],
])('refused: %s', (_name, props, message) => {
  expect(() => alarmsOf(props)).toThrow(message);
});
