import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { falcon, VIRGINIA } from './support/endpoint-stack';
import { incidentOf, runbookLink } from '../../src/contract/alarm-kind';
import { ALARMS } from '../../src/contract/data';
import { GenAiEndpoint, GenAiEndpointProps, Inference } from '../../src/sagemaker';
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

const HEALTHY: Published = {
  Invocations: [[1, 1000]], Invocation5XXErrors: [[0, 1000]], Invocation4XXErrors: [[0, 1000]], ModelLatency: [[2_000_000, 1000]],
};

/** The state of an alarm after an hour of healthy traffic and so many minutes of something else. */
function stateAfter(alarm: Alarm, minutes: number, published: Published, healthy = HEALTHY): AlarmState {
  const data = new MetricData();
  const put = (at: number, metrics: Published): void => alarm.series.forEach(series => {
    for (const [value, times] of metrics[series.name] ?? []) data.put([{ ...series, unit: 'None', values: [value] }], at, times);
  });
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

describe('an asynchronous endpoint', () => {
  const KINDS = ['AsyncExpired', 'AsyncFailures', 'AsyncSlow', 'AsyncUnnotified', 'AsyncWaiting'];

  /** Its answers go to a bucket. */
  function asynchronous(props: Partial<GenAiEndpointProps> = {}): Stack {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    Standards.apply(stack, { product: 'Shop', environment: 'prod', checks: false, alarmTopic: new Topic(stack, 'Topic') });
    const output = { bucket: Bucket.fromBucketName(stack, 'Bucket', 'payloads') };
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), inference: Inference.asynchronous({ output }), ...props });
    return stack;
  }

  const asynchronousAlarm = (kind: string, props: Partial<GenAiEndpointProps> = {}): Alarm =>
    alarmsOf(written(asynchronous(props))).find(({ name }) => name.endsWith(`-Endpoint-${kind}`))!;

  const WELL: Published = {
    InvocationFailures: [[0, 99]],
    TotalProcessingTime: [[60_000, 99]],
    ExpiredRequests: [[0, 99]],
    NotificationFailures: [[0, 99]],
    ModelLatency: [[50_000_000, 99]],
    ApproximateAgeOfOldestRequest: [[60, 1]],
  };
  const after = (alarm: Alarm, published: Published, minutes = 5): AlarmState => stateAfter(alarm, minutes, published, WELL);

  test('has five alarms, one of them on its queue, and none of those in real time', () => {
    const stack = asynchronous();
    const alarms = alarmsOf(written(stack));
    expect(alarms.map(({ name }) => name.replace(/^.*-Endpoint-/, '')).sort()).toEqual(KINDS);
    expect(findUnemitted([written(stack)], 'Shop', ['prod'])).toEqual([]);
    const [topic] = Object.keys(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
    expect(alarms.map(({ properties }) => properties.AlarmActions)).toEqual(alarms.map(() => [{ Ref: topic }]));
    expect(alarmsOf(written(asynchronous({ alarms: false })))).toEqual([]);
  });

  test.each(KINDS)('%s is quiet in health, without traffic, and from the first minute on; and says what it stands for', kind => {
    const alarm = asynchronousAlarm(kind);
    expect([after(alarm, WELL), after(alarm, {}, 60)]).toEqual(['OK', 'OK']);
    expect([5, 60].map(minutes => alarm.evaluate(new MetricData(), minutes * MINUTE))).toEqual(['OK', 'OK']);
    const { AlarmDescription } = alarm.properties as { AlarmDescription?: string };
    expect(AlarmDescription).toMatch(new RegExp(`^stack-falcon-[0-9a-f]{8}-async .*\\. Incident: .*#endpoint-${kind.toLowerCase()}$`));
  });

  const failures = (failed: number, finished: number): Published =>
    ({ InvocationFailures: [[1, failed]], TotalProcessingTime: [[9, finished]] });

  test.each<[string, string, number, Published, AlarmState]>([
    ['AsyncFailures', '10 failures beside 990 answers', 5, failures(10, 990), 'OK'],
    ['AsyncFailures', '10 failures beside 989 answers', 5, failures(10, 989), 'ALARM'],
    ['AsyncFailures', 'failures that count as finished too, all of them', 5, failures(7, 7), 'ALARM'],
    ['AsyncFailures', 'failures alone', 5, { InvocationFailures: [[1, 1]] }, 'ALARM'],
    ['AsyncFailures', 'no failure', 5, { InvocationFailures: [[0, 5]], TotalProcessingTime: [[9, 5]] }, 'OK'],
    ['AsyncExpired', 'none that expired', 1, { ExpiredRequests: [[0, 9]] }, 'OK'],
    ['AsyncExpired', 'one that expired', 1, { ExpiredRequests: [[1, 1], [0, 9]] }, 'ALARM'],
    ['AsyncUnnotified', 'no failed notification', 1, { NotificationFailures: [[0, 9]] }, 'OK'],
    ['AsyncUnnotified', 'one failed notification', 1, { NotificationFailures: [[1, 1], [0, 9]] }, 'ALARM'],
    ['AsyncSlow', 'one answer of 54 minutes', 5, { ModelLatency: [[3_240_000_000, 1], [1, 999]] }, 'OK'],
    ['AsyncSlow', 'one answer of a millisecond more', 5, { ModelLatency: [[3_240_001_000, 1], [1, 999]] }, 'ALARM'],
    ['AsyncWaiting', 'a request of 3 hours', 5, { ApproximateAgeOfOldestRequest: [[10_800, 1]] }, 'OK'],
    ['AsyncWaiting', 'a request of a second more', 5, { ApproximateAgeOfOldestRequest: [[10_801, 1]] }, 'ALARM'],
  ])('%s after %s, for %d min: %j is %s', (kind, _what, minutes, published, state) => {
    expect(after(asynchronousAlarm(kind), published, minutes)).toBe(state);
  });

  test('takes slowAfter up to the hour, and waitingAfter up to the six hours, after which SageMaker gives up', () => {
    const latency = (milliseconds: number): Published => ({ ModelLatency: [[milliseconds * 1000, 1]] });
    const slowest = asynchronousAlarm('AsyncSlow', { slowAfter: Duration.millis(3_599_999) });
    expect([3_599_999, 3_600_000].map(value => after(slowest, latency(value)))).toEqual(['OK', 'ALARM']);
    const waiting = asynchronousAlarm('AsyncWaiting', { waitingAfter: Duration.minutes(20) });
    expect([1200, 1201].map(age => after(waiting, { ApproximateAgeOfOldestRequest: [[age, 1]] }))).toEqual(['OK', 'ALARM']);
  });

  test.each<[string, Partial<GenAiEndpointProps>, RegExp]>([
    ['slowAfter of an hour', { slowAfter: Duration.hours(1) }, /could never ring[^]*1 ms to 3599999 ms/],
    ['waitingAfter of six hours', { waitingAfter: Duration.hours(6) }, /SageMaker drops[^]*given: +"21600 s"[^]*1 s to 21599 s/],
    ['waitingAfter of half a second', { waitingAfter: Duration.millis(500) }, /given: +"0.5 s"/],
    ['waitingAfter without alarms', { waitingAfter: Duration.hours(1), alarms: false }, /waitingAfter sets an alarm that alarms: false/],
  ])('%s is refused', (_what, props, message) => {
    expect(() => asynchronous(props)).toThrow(message);
  });
});

test('waitingAfter of an endpoint in real time, where nothing waits, is refused', () => {
  expect(() => stackWith({ waitingAfter: Duration.hours(1) })).toThrow(/Nothing waits[^]*Inference\.asynchronous/);
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
