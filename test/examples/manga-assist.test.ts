import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ExampleRecorder, RecordedExample, RecordedService } from './support/recorded-example';
import { MangaAssistStack } from '../../examples/manga-assist/manga-assist-stack';
import { PlumblineChecks } from '../../src';
import { ERROR_CODES } from '../../src/contract/data';
import { Alarm, alarmsOf, AlarmTemplate } from '../support/cloudwatch/alarms';
import { findUnemitted } from '../support/cloudwatch/emitted-metrics';
import { MetricData, ReadSeries } from '../support/cloudwatch/metric-data';
import { Timeline, timelineOf, TimelineOptions } from '../support/cloudwatch/timeline';
import { EmittedMetric } from '../support/runtime-log';

interface Resource { readonly Properties: Record<string, unknown> }

const app = new App();
const stack = new MangaAssistStack(app, 'MangaAssist', { environment: 'prod' });
const assembly = app.synth();
const template = Template.fromStack(stack);

function resources(type: string): Resource[] {
  return Object.values(template.findResources(type)) as unknown as Resource[];
}

describe('at synth', () => {
  test.each([new AwsSolutionsChecks(), new PlumblineChecks()])('$name finds nothing that is not acknowledged', pack => {
    expect(pack.validateScope(stack).violations).toEqual([]);
  });

  test('the checks are awake: a wildcard in the same stack does not synthesise', () => {
    const other = new App();
    const careless = new MangaAssistStack(other, 'MangaAssist', { environment: 'prod' });
    new Role(careless, 'Wildcard', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
      .addToPolicy(new PolicyStatement({ actions: ['bedrock:*'], resources: ['*'] }));
    const findings = [new AwsSolutionsChecks(), new PlumblineChecks()].flatMap(pack => pack.validateScope(careless).violations);
    expect(findings.map(finding => finding.ruleName)).toEqual(expect.arrayContaining([
      'AwsSolutions-IAM5[Action::bedrock:*]', 'PlumblineChecks-BedrockNoWildcard[Action::bedrock:*]',
    ]));
  });

  test('the task is looked at too: without one of its alarms it does not pass', () => {
    const other = new App();
    const careless = new MangaAssistStack(other, 'MangaAssist', { environment: 'prod' });
    careless.node.findChild('Picks').node.tryRemoveChild('LatencyEndToEndMsMissing');
    const findings = new PlumblineChecks().validateScope(careless).violations.map(({ ruleName }) => ruleName);
    expect(findings).toEqual(['PlumblineChecks-TaskHasMandatoryAlarms']);
  });

  test('no role holds a managed policy', () => {
    const roles = resources('AWS::IAM::Role');
    expect(roles.length).toBeGreaterThanOrEqual(4);
    expect(roles.filter(role => role.Properties.ManagedPolicyArns !== undefined)).toEqual([]);
  });
});

type Service = keyof RecordedExample['services'];
type Language = keyof RecordedExample['failing'];

/** What the contract says of the alarm on an error code. */
type Threshold = { readonly periodSeconds: number; readonly evaluationPeriods: number } & (
  { readonly statistic: 'rate'; readonly thresholdPercent: number } | { readonly statistic: 'count'; readonly threshold: number });

const THRESHOLDS: [string, Threshold][] = Object.entries(ERROR_CODES.codes)
  .flatMap(([code, rule]) => 'alarm' in rule ? [[code, rule.alarm as Threshold]] : []);
const SERVICE_OF: Record<Language, Service> = { Node: 'chat', Python: 'recommendation' };
const REQUESTS = 100_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A time of a day in Tokyo, where the mute window is. */
const tokyo = (time: string): number => Date.parse(`2026-11-28T${time}:00+09:00`) / 1000;

test('no alarm reads what nobody emits', () => {
  expect(findUnemitted([template.toJSON() as AlarmTemplate], 'MangaAssist', ['prod', 'staging'])).toEqual([]);
});

describe('the alarms, by the model of CloudWatch, on what the services emitted under what runs them in AWS', () => {
  const written = template.toJSON() as AlarmTemplate;
  const names = alarmsOf(written).map(({ name }) => name).sort();
  /** Of what works once a day: it rings after two days, and not with the services. */
  const daily = alarmsOf(written).filter(({ series: [{ periodSeconds }] }) => periodSeconds > HOUR);
  const onSilence = names.filter(name => name.endsWith('-Missing') && !daily.some(alarm => alarm.name === name));
  let recorded: RecordedExample;

  beforeAll(async () => {
    recorded = await ExampleRecorder.with(written, assembly.directory, recorder => recorder.record(THRESHOLDS.map(([code]) => code)));
  }, 180_000);

  /** One answer of every service a minute; what works once a day has. */
  function traffic(data: MetricData, from: number, to: number, changed = (metrics: readonly EmittedMetric[]) => metrics): MetricData {
    data.put(daily.flatMap(({ series }) => series.map(one => ({ ...one, unit: 'Count', values: [1] }))), from);
    for (let at = from; at < to; at += MINUTE) {
      for (const { answered } of Object.values<RecordedService>(recorded.services)) data.put(changed(answered), at);
    }
    return data;
  }

  const run = (data: MetricData, options: TimelineOptions): Timeline => timelineOf(alarmsOf(written), data, options);
  const toldOf = ({ told }: Timeline): string[] => [...new Set(told.map(({ alarm }) => alarm))].sort();
  const timesOf = ({ told }: Timeline): number[] => [...new Set(told.map(({ at }) => at))];

  test('none rings in a day of healthy traffic', () => {
    const data = traffic(new MetricData(), tokyo('00:00'), tokyo('00:00') + 24 * HOUR);
    const alarms = alarmsOf(written);
    expect(timelineOf(alarms, data, { from: tokyo('00:20'), to: tokyo('00:00') + 24 * HOUR })).toEqual({ alarmed: [], told: [] });
    expect(alarms.filter(({ state }) => state !== 'OK').map(({ name }) => name)).toEqual([]);
  });

  // AWS does not say how far back an alarm of two periods looks for points: two more is what its example has.
  const looks = [[0, 10], [1, 15], [2, 20]];
  test.each(looks)('when all fall silent, those on silence ring, no other: looking back %d more, in %d minutes', (lookBack, minutes) => {
    const data = traffic(new MetricData(), tokyo('10:00'), tokyo('12:00'));
    const timeline = run(data, { from: tokyo('11:00'), to: tokyo('13:00'), lookBack });
    expect(toldOf(timeline)).toEqual(onSilence);
    expect(timesOf(timeline)).toEqual([tokyo('12:00') + minutes * MINUTE]);
  });

  test.each([0, 2])('when all counts are zero, those on silence ring after 10 minutes, looking back %d more', lookBack => {
    const zero = (metrics: readonly EmittedMetric[]) => metrics.map(metric => ({ ...metric, values: metric.values.map(() => 0) }));
    const data = traffic(traffic(new MetricData(), tokyo('10:00'), tokyo('12:00')), tokyo('12:00'), tokyo('13:00'), zero);
    const timeline = run(data, { from: tokyo('11:00'), to: tokyo('13:00'), lookBack });
    expect([toldOf(timeline), timesOf(timeline)]).toEqual([onSilence, [tokyo('12:10')]]);
  });

  test('one service that falls silent is told by its own alarms, and not by the one of the product', () => {
    const data = new MetricData();
    for (let at = tokyo('10:00'); at < tokyo('13:00'); at += MINUTE) data.put(recorded.services.picks.answered, at);
    traffic(data, tokyo('10:00'), tokyo('12:00'));
    const told = toldOf(run(data, { from: tokyo('11:00'), to: tokyo('13:00') }));
    expect(told).toEqual(onSilence.filter(name => /^MangaAssist-(chat|cart|recommendation)-/.test(name)));
  });

  describe('in the mute window', () => {
    test('silence is told of when the window closes, if it lasts', () => {
      const data = traffic(new MetricData(), tokyo('00:00'), tokyo('02:30'));
      const timeline = run(data, { from: tokyo('01:00'), to: tokyo('09:00') });
      expect(timeline.alarmed.every(({ at }) => at < tokyo('03:00'))).toBe(true);
      expect([toldOf(timeline), timesOf(timeline)]).toEqual([onSilence, [tokyo('08:00')]]);
    });

    test('silence that ends before is told to nobody', () => {
      const data = traffic(traffic(new MetricData(), tokyo('00:00'), tokyo('02:30')), tokyo('07:00'), tokyo('10:00'));
      const { alarmed, told } = run(data, { from: tokyo('01:00'), to: tokyo('10:00') });
      expect([alarmed.length, told]).toEqual([onSilence.length, []]);
    });

    test('an error is told at once', () => {
      const data = traffic(new MetricData(), tokyo('00:00'), tokyo('10:00'));
      data.put(recorded.services.chat.failed.INTERNAL_ERROR, tokyo('03:00'));
      const timeline = run(data, { from: tokyo('01:00'), to: tokyo('10:00') });
      expect(toldOf(timeline)).toEqual(['MangaAssist-ErrorCount-INTERNAL_ERROR', 'MangaAssist-chat-ErrorCount-INTERNAL_ERROR']);
      expect(timesOf(timeline)).toEqual([tokyo('03:01')]);
    });
  });

  /** Who rings when so many of the requests of each period fail with a code. */
  function ringingAt(code: string, language: Language, { periodSeconds }: Threshold, errors: number, periods: number): string[] {
    const data = new MetricData();
    for (let period = 0; period < periods; period++) {
      const at = tokyo('12:00') + period * periodSeconds;
      data.put(recorded.failing[language][code], at, errors);
      data.put(recorded.services[SERVICE_OF[language]].answered, at, REQUESTS - errors);
    }
    const rings = (alarm: Alarm): boolean => alarm.evaluate(data, tokyo('12:00') + periods * periodSeconds) === 'ALARM';
    return alarmsOf(written).filter(({ name }) => !name.endsWith('-Missing')).filter(rings).map(({ name }) => name).sort();
  }

  const cases = THRESHOLDS.flatMap(([code, rule]) => (['Node', 'Python'] as const).map(language => ({ code, language, rule })));

  test.each(cases)('$code of $language rings above its threshold, and neither below nor at it', ({ code, language, rule }) => {
    const at = rule.statistic === 'rate' ? REQUESTS * rule.thresholdPercent / 100 : rule.threshold;
    const own = rule.statistic === 'count' ? [`MangaAssist-${SERVICE_OF[language]}-ErrorCount-${code}`] : [];
    const { evaluationPeriods } = rule;
    expect(ringingAt(code, language, rule, Math.max(0, at - 1), evaluationPeriods)).toEqual([]);
    expect(ringingAt(code, language, rule, at, evaluationPeriods)).toEqual([]);
    expect(ringingAt(code, language, rule, at + 1, evaluationPeriods)).toEqual([`MangaAssist-ErrorCount-${code}`, ...own]);
    expect(ringingAt(code, language, rule, at + 1, evaluationPeriods - 1)).toEqual([]);
  });

  const ofOneMetric = alarmsOf(written).filter(({ name, series }) => series.length === 1 && !name.endsWith('-Missing'));

  test.each(ofOneMetric.map(({ name }) => name))('%s rings just above its threshold, and not at it', name => {
    const stateAt = (value: number): string => {
      const alarm = alarmsOf(written).find(one => one.name === name)!;
      const { series: [one], properties: { EvaluationPeriods: periods } } = alarm;
      const data = new MetricData();
      for (let period = 0; period < periods; period++) {
        data.put([{ ...one, unit: 'Count', values: [value] }], tokyo('12:00') + period * one.periodSeconds);
      }
      return alarm.evaluate(data, tokyo('12:00') + periods * one.periodSeconds);
    };
    const { Threshold: threshold } = ofOneMetric.find(one => one.name === name)!.properties;
    expect([stateAt(threshold), stateAt(threshold + 1)]).toEqual(['OK', 'ALARM']);
  });

  /** The metric of a filter on a log group, when one line fits. */
  const filtered: EmittedMetric[] = resources('AWS::Logs::MetricFilter').flatMap(filter =>
    (filter.Properties.MetricTransformations as { MetricNamespace: string; MetricName: string; MetricValue: string }[])
      .map(({ MetricNamespace, MetricName, MetricValue }) => (
        { namespace: MetricNamespace, name: MetricName, unit: 'Count', dimensions: {}, values: [Number(MetricValue)] })));

  test('a failed start is told by the alarm of its service, and by no other', () => {
    expect(filtered).toHaveLength(6);
    for (const metric of filtered) {
      const data = traffic(new MetricData(), tokyo('11:00'), tokyo('13:00'));
      data.put([metric], tokyo('12:00'));
      const told = toldOf(run(data, { from: tokyo('11:30'), to: tokyo('13:00') }));
      expect(told).toEqual([`MangaAssist-${metric.name.replace(/-prod$/, '')}-InitFailure`]);
    }
  });

  test('each watches series that are really emitted', () => {
    const data = new MetricData();
    const { services, failing } = recorded;
    const ofServices = Object.values(services).flatMap(({ answered, failed }) => [answered, ...Object.values(failed)]);
    const ofErrors = Object.values(failing).flatMap(byCode => Object.values(byCode));
    for (const metrics of [...ofServices, ...ofErrors, filtered]) data.put(metrics, 0);
    // What AWS and the library's own functions emit, and what refused prompts count, no service here does: findUnemitted knows it.
    const own = ({ series }: Alarm): readonly ReadSeries[] => series.filter(({ namespace, dimensions: { service_name: service = '' } }) =>
      !/^(AWS\/.+|MangaAssist\/Prompt)$/.test(namespace) && !/^(plumbline-|bypass-detector$|prompt-drift-audit$)/.test(service));
    const unseen = (alarm: Alarm): string[] => own(alarm).filter(one => !data.has(one)).map(({ key }) => `${alarm.name}: ${key}`);
    expect(alarmsOf(written).flatMap(own).length).toBeGreaterThan(20);
    expect(alarmsOf(written).flatMap(unseen)).toEqual([]);
    expect(data.has({ namespace: 'MangaAssist/Bedrock', name: 'InvocationCount', dimensions: { service_name: 'chat' } })).toBe(false);
  });

  test('each is of a kind that has its incident above, or in the tests of its construct', () => {
    const kinds = [
      /-(Missing|InitFailure|Slow)$/, /-ErrorCount-[A-Z_]+$/, /-Endpoint-[A-Z][a-z]+$/, /-Prompt[A-Z]\w+Count$/,
      /-PromptRegistry-ForeignWrite$/,
    ];
    expect(names.filter(name => !kinds.some(kind => kind.test(name)))).toEqual([]);
  });
});
