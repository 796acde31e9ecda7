import { Annotations as Ack, App, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, AlarmRule, CompositeAlarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BedrockTaskRole, Envelope, MuteWindow, StandardLambda, StandardLambdaProps, Standards, StandardsProps } from '../../src';

const US = { account: '111122223333', region: 'us-east-1' };

function appWith(props: Partial<StandardsProps> = {}): App {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false, ...props });
  return app;
}

function service(stack: Stack, props: Partial<StandardLambdaProps> = {}, id = 'Chat'): StandardLambda {
  return new StandardLambda(stack, id, { serviceName: 'chat', code: Code.fromInline('x'), handler: 'index.handler', ...props });
}

/** What a stack is told, by the last part of the id. */
function told(stack: Stack): Record<string, string> {
  const found = Annotations.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => String(entry.data));
  return Object.fromEntries(found.map(text => [/\[ack: cdk-plumbline:(\w+)\]/.exec(text)?.[1] ?? 'unknown', text]));
}

test('a service with nothing but defaults is told each of them once, with the way out', () => {
  const stack = new Stack(appWith(), 'Stack', { env: US });
  service(stack);
  service(stack, { serviceName: 'cart' }, 'Cart');
  const infos = told(stack);
  expect(Object.keys(infos).sort()).toEqual(['logRetention', 'monthlyCost', 'muteWindow', 'noAlarmTopic']);
  expect(infos.noAlarmTopic).toMatch(/^6 alarms change their state and tell nobody\. .*alarmTopic/);
  expect(infos.muteWindow).toMatch(/from 02:00 to 08:00 in the time zone Asia\/Tokyo/);
  expect(infos.logRetention).toMatch(/^The logs of 2 log groups are kept for 90 days/);
});

test('of several stacks the first one tells, and what each adds to the bill is told by each', () => {
  const app = appWith();
  const [first, second] = ['First', 'Second'].map(id => new Stack(app, id, { env: US }));
  service(second, { serviceName: 'cart' });
  service(first);
  expect(Object.keys(told(first))).toEqual(expect.arrayContaining(['noAlarmTopic', 'monthlyCost']));
  expect(Object.keys(told(second))).toEqual(['monthlyCost']);
});

test('what was decided is not told', () => {
  const app = new App();
  const topics = new Stack(app, 'Topics', { env: US });
  const decided = { muteWindow: MuteWindow.none(), alarmTopic: new Topic(topics, 'Topic') };
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false, ...decided });
  const stack = new Stack(app, 'Stack', { env: US });
  service(stack, { logGroup: new LogGroup(stack, 'Logs') });
  expect(Object.keys(told(stack))).toEqual(['monthlyCost']);
});

test('an app without anything of the library is told nothing', () => {
  expect(told(new Stack(appWith(), 'Stack', { env: US }))).toEqual({});
});

test('each is acknowledged at its stack, also before there is anything to tell', () => {
  const app = appWith();
  const stack = new Stack(app, 'Stack', { env: US });
  const ids = ['noAlarmTopic', 'monthlyCost', 'logRetention', 'muteWindow'];
  for (const id of ids) Ack.of(stack).acknowledgeInfo(`cdk-plumbline:${id}`, 'we know');
  service(stack);
  expect(told(stack)).toEqual({});
});

test('standards of a stage tell of their own stacks only', () => {
  const app = appWith();
  const above = new Stack(app, 'Above', { env: US });
  service(above);
  const stage = new Stage(app, 'Beta', { env: { ...US, account: '444455556666' } });
  Standards.apply(stage, { product: 'MangaAssist', environment: 'beta', checks: false });
  const below = new Stack(stage, 'Below');
  service(below);
  expect(told(above).logRetention).toContain('1 log group are');
  expect(told(below).logRetention).toContain('1 log group are');
});

test('functions without the envelope are named, five at most', () => {
  const stack = new Stack(appWith(), 'Stack', { env: US });
  for (let index = 0; index < 7; index += 1) service(stack, { envelope: index ? Envelope.LOG_ONLY : Envelope.OFF }, `Fn${index}`);
  expect(told(stack).withoutEnvelope).toMatch(
    /^The answers of 7 functions leave .*Stack\/Fn0 \(OFF\), Stack\/Fn1 \(LOG_ONLY\).* and 2 more\./);
});

describe('what a stack adds to the bill', () => {
  const METRIC = new Metric({ namespace: 'N', metricName: 'M' });
  const costOf = (build: (stack: Stack) => void, env: object | undefined = US): string | undefined => {
    const stack = new Stack(appWith(), 'Stack', { env });
    build(stack);
    return told(stack).monthlyCost;
  };
  const alarm = (stack: Stack, metric: Metric | MathExpression) =>
    new Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 });

  test('is each metric under an alarm, those of formulas too', () => {
    expect(costOf(stack => alarm(stack, METRIC)))
      .toMatch(/at least 0\.10 USD a month .* prices of us-east-1 on .*: 1 metric under an alarm\./);
    const usingMetrics = { a: METRIC, b: new Metric({ namespace: 'N', metricName: 'B' }) };
    const formula = new MathExpression({ expression: 'a / b', usingMetrics });
    expect(costOf(stack => alarm(stack, formula))).toMatch(/0\.20 USD .*: 2 metrics under alarms\./);
  });

  test('is three times as much below a minute, and half a dollar for a composite alarm', () => {
    expect(costOf(stack => alarm(stack, METRIC.with({ period: Duration.seconds(10) })))).toContain('0.30 USD');
    expect(costOf(stack => new CompositeAlarm(stack, 'All', { alarmRule: AlarmRule.fromAlarm(alarm(stack, METRIC), 'ALARM' as never) })))
      .toMatch(/0\.60 USD .*1 composite alarm/);
  });

  test('is the series that functions emit: those of one service once, and more with a model', () => {
    // 4 alarms' metrics; EndToEndMs for API and EVENT with two roll-ups, and InitFailure.
    const one = costOf(stack => service(stack));
    expect(one).toMatch(/3 metrics under alarms, 5 custom metrics/);
    expect(costOf(stack => { service(stack); service(stack, {}, 'Second'); })).toBe(one);
    const role = (stack: Stack) => new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'] });
    // InvocationCount: 2 models and 3 roll-ups; ThrottlingCount: 2 models and 2 roll-ups.
    expect(costOf(stack => service(stack, { role: role(stack) }))).toMatch(/14 custom metrics/);
    expect(costOf(stack => service(stack, { envelope: Envelope.LOG_ONLY }))).toMatch(/8 custom metrics/);
  });

  test('is the detailed metrics of each method, where a stage has them', () => {
    const api = (stack: Stack, metricsEnabled: boolean) =>
      new RestApi(stack, 'Api', { deployOptions: { metricsEnabled } }).root.addMethod('GET', new MockIntegration());
    expect(costOf(stack => api(stack, true))).toMatch(/1\.50 USD .*5 detailed metrics/);
    expect(costOf(stack => api(stack, false))).toBeUndefined();
  });

  test.each([['an unknown Region', { region: 'eu-north-1' }], ['no Region', undefined]])('stands for us-east-1 with %s', (_what, env) => {
    expect(costOf(stack => alarm(stack, METRIC), env ?? {})).toContain('at the prices of us-east-1');
  });

  test('is the same in each synthesis', () => {
    expect(costOf(stack => service(stack))).toBe(costOf(stack => service(stack)));
  });
});
