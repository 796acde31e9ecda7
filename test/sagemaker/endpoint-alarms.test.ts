import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { falcon, VIRGINIA } from './support/endpoint-stack';
import { incidentOf, runbookLink } from '../../src/contract/alarm-kind';
import { ALARMS } from '../../src/contract/data';
import { GenAiEndpoint, GenAiEndpointProps } from '../../src/sagemaker';
import { createEndpointAlarms } from '../../src/sagemaker/endpoint-alarms';
import { Standards } from '../../src/standards';
import { AlarmState } from '../support/cloudwatch/alarm-state';
import { Alarm, alarmsOf, AlarmTemplate } from '../support/cloudwatch/alarms';
import { findUnemitted } from '../support/cloudwatch/emitted-metrics';
import { MetricData } from '../support/cloudwatch/metric-data';

const MINUTE = 60;

function stackWith(props: Partial<GenAiEndpointProps> = {}, environment: string | undefined = 'prod'): Stack {
  const stack = new Stack(new App(), 'Stack', VIRGINIA);
  if (environment) {
    Standards.apply(stack, { product: 'Shop', environment, checks: false, alarmTopic: new Topic(stack, 'Topic') });
  }
  new GenAiEndpoint(stack, 'Falcon', { model: falcon(), ...props });
  return stack;
}

const written = (stack: Stack): AlarmTemplate => Template.fromStack(stack).toJSON() as AlarmTemplate;

function alarmOf(kind: string, props: Partial<GenAiEndpointProps> = {}): Alarm {
  return alarmsOf(written(stackWith(props))).find(({ name }) => name.endsWith(kind))!;
}

/** What SageMaker publishes each minute, by metric: the value, and how often. */
type Published = Readonly<Record<string, readonly [value: number, times: number][]>>;

/** The state of an alarm after an hour of healthy traffic and so many minutes of something else. */
function stateAfter(alarm: Alarm, minutes: number, published: Published): AlarmState {
  const data = new MetricData();
  const put = (at: number, metrics: Published): void => alarm.series.forEach(series => {
    for (const [value, times] of metrics[series.name] ?? []) data.put([{ ...series, unit: 'None', values: [value] }], at, times);
  });
  const healthy: Published = {
    Invocations: [[1, 1000]], Invocation5XXErrors: [[0, 1000]], Invocation4XXErrors: [[0, 1000]], ModelLatency: [[2_000_000, 1000]],
  };
  for (let at = 0; at < 60 * MINUTE; at += MINUTE) put(at, healthy);
  for (let at = 60 * MINUTE; at < (60 + minutes) * MINUTE; at += MINUTE) put(at, published);
  expect(alarm.evaluate(data, 60 * MINUTE)).toBe('OK');
  return alarm.evaluate(data, (60 + minutes) * MINUTE);
}

const failing = (metric: string, of1000: number): Published => ({ Invocations: [[1, 1000]], [metric]: [[1, of1000], [0, 1000 - of1000]] });
const slow = (milliseconds: number, of1000: number): Published =>
  ({ ModelLatency: [[milliseconds * 1000, of1000], [2_000_000, 1000 - of1000]] });

describe('an endpoint below standards', () => {
  test.each([
    ['prod', 'Shop'], ['dev', 'Shop-dev'],
  ])('in %s has three alarms, named after it, at the topic of the product', (environment, start) => {
    const stack = stackWith({}, environment);
    const name = 'stack-falcon-[0-9a-f]{8}';
    const alarms = alarmsOf(written(stack));
    expect(alarms.map(alarm => alarm.name).sort()).toEqual(['Errors', 'Rejections', 'Slow'].map(kind =>
      expect.stringMatching(new RegExp(`^${start}-${name}-Endpoint-${kind}$`))));
    const [topic] = Object.keys(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
    expect(alarms.map(({ properties }) => properties.AlarmActions)).toEqual(alarms.map(() => [{ Ref: topic }]));
  });

  const KINDS = ['Endpoint-Errors', 'Endpoint-Rejections', 'Endpoint-Slow'] as const;

  test.each(KINDS)('%s says what it stands for, and where its runbook is', kind => {
    const { AlarmDescription } = alarmOf(kind).properties as { AlarmDescription?: string };
    expect(AlarmDescription).toMatch(/^stack-falcon-[0-9a-f]{8} .*\. Incident: /);
    expect(AlarmDescription).toContain(` Incident: ${incidentOf(kind)} Runbook: ${runbookLink(ALARMS.runbook, kind)}`);
  });

  test('is watched by what SageMaker publishes of its variant', () => {
    const template = written(stackWith());
    expect(findUnemitted([template], 'Shop', ['prod'])).toEqual([]);
    const endpoint = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::SageMaker::Endpoint')!;
    const { EndpointName } = endpoint.Properties as Record<string, unknown>;
    const read = alarmsOf(template).flatMap(({ series }) => series.map(({ dimensions }) => dimensions));
    expect(read).toHaveLength(5);
    for (const one of read) expect(one).toEqual({ EndpointName, VariantName: 'AllTraffic' });
  });

  test('without alarms has none, and so has one without standards', () => {
    expect(alarmsOf(written(stackWith({ alarms: false })))).toEqual([]);
    expect(alarmsOf(written(stackWith({}, '')))).toEqual([]);
  });

  test('with alarms and no standards is refused', () => {
    expect(() => stackWith({ alarms: true }, '')).toThrow(/Standards\.apply/);
  });
});

describe('just below a threshold and just above it', () => {
  test.each<[string, number, Published, AlarmState]>([
    ['Endpoint-Errors', 5, failing('Invocation5XXErrors', 10), 'OK'],
    ['Endpoint-Errors', 5, failing('Invocation5XXErrors', 11), 'ALARM'],
    ['Endpoint-Rejections', 15, failing('Invocation4XXErrors', 50), 'OK'],
    ['Endpoint-Rejections', 15, failing('Invocation4XXErrors', 51), 'ALARM'],
    ['Endpoint-Rejections', 10, failing('Invocation4XXErrors', 51), 'OK'],
    ['Endpoint-Errors', 5, failing('Invocation4XXErrors', 1000), 'OK'],
    ['Endpoint-Rejections', 15, failing('Invocation5XXErrors', 1000), 'OK'],
    ['Endpoint-Slow', 5, slow(54_000, 11), 'OK'],
    ['Endpoint-Slow', 5, slow(54_001, 11), 'ALARM'],
    ['Endpoint-Slow', 5, slow(59_999, 10), 'OK'],
  ])('%s, %d minutes of %j: %s', (kind, minutes, published, state) => {
    expect(stateAfter(alarmOf(kind), minutes, published)).toBe(state);
  });

  test.each(['Endpoint-Errors', 'Endpoint-Rejections', 'Endpoint-Slow'])('%s is quiet without traffic, from the first minute on', kind => {
    expect(stateAfter(alarmOf(kind), 60, {})).toBe('OK');
    const never = alarmOf(kind);
    expect([5, 60].map(minutes => never.evaluate(new MetricData(), minutes * MINUTE))).toEqual(['OK', 'OK']);
  });

  test.each([
    [Duration.millis(2500), 2500], [Duration.seconds(30), 30_000], [Duration.millis(59_999), 59_999],
  ])('slowAfter of %s is a threshold of %d ms', (slowAfter, milliseconds) => {
    const states = [milliseconds, milliseconds + 1].map(value => stateAfter(alarmOf('Endpoint-Slow', { slowAfter }), 5, {
      ModelLatency: [[value * 1000, 1000]],
    }));
    expect(states).toEqual(['OK', 'ALARM']);
  });
});

describe('slowAfter', () => {
  test.each([
    ['0 ms', Duration.millis(0)], ['as long as SageMaker waits', Duration.minutes(1)], ['half a millisecond', Duration.millis(0.5)],
  ])('of %s is refused', (_what, slowAfter) => {
    expect(() => stackWith({ slowAfter })).toThrow(/\[Stack\/Falcon\][^]*could never ring[^]*given: [^]* ms[^]*1 ms to 59999 ms/);
  });

  test('that is known only at deployment is refused', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const slowAfter = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    expect(() => new GenAiEndpoint(stack, 'Falcon', { model: falcon(), slowAfter })).toThrow(/write slowAfter out/);
  });

  test('without the alarm that it sets is refused', () => {
    expect(() => stackWith({ slowAfter: Duration.seconds(5), alarms: false })).toThrow(/alarms: false leaves out/);
  });
});

test('each of several variants has its own', () => {
  const stack = stackWith({ alarms: false });
  const endpoint = stack.node.findChild('Falcon') as GenAiEndpoint;
  const variants = ['Blue', 'Green'].map(name => ({
    name,
    metric: (metricName: string, options = {}) => endpoint.metric(metricName, {
      ...options, dimensionsMap: { EndpointName: endpoint.endpointName, VariantName: name },
    }),
  }));
  createEndpointAlarms(endpoint, { name: 'falcon', variants });
  const alarms = alarmsOf(written(stack));
  expect(alarms).toHaveLength(6);
  for (const { name, series } of alarms) {
    const variant = /^Shop-falcon-(Blue|Green)-Endpoint-/.exec(name)![1];
    expect(series.map(({ dimensions }) => dimensions.VariantName)).toEqual(series.map(() => variant));
  }
});
