import { App, CfnParameter, Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { falcon, VIRGINIA } from './support/endpoint-stack';
import { EndpointScaling, EndpointSchedule, GenAiEndpoint, Inference } from '../../src/sagemaker';
import { cronTimes } from '../../src/sagemaker/cron-times';
import { SYNTH_DAY_KEY } from '../../src/standards/synth-day';

/** A Saturday. */
const TODAY = '2026-11-28';
const OFFICE_HOURS = {
  start: Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '0' }),
  stop: Schedule.cron({ weekDay: 'MON-FRI', hour: '19', minute: '0' }),
};

describe('the times of a cron expression', () => {
  const next = (expression: string, count: number) => cronTimes(expression, TODAY).days.slice(0, count);

  test.each<[string, string[]]>([
    ['cron(0 7 ? * MON-FRI *)', ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-07']],
    ['cron(0 7 ? * 2-6 *)', ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-07']],
    ['cron(0 7 ? * fri-MON *)', ['2026-11-28', '2026-11-29', '2026-11-30', '2026-12-04']],
    ['cron(0 7 * * ? *)', ['2026-11-28', '2026-11-29']],
    ['cron(0 7 L * ? *)', ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28']],
    ['cron(0 7 LW * ? *)', ['2026-11-30', '2026-12-31', '2027-01-29', '2027-02-26']],
    ['cron(0 7 15W * ? *)', ['2026-12-15', '2027-01-15', '2027-02-15', '2027-03-15', '2027-04-15', '2027-05-14']],
    ['cron(0 7 1W MAY ? *)', ['2027-05-03']],
    ['cron(0 7 31W FEB ? *)', ['2027-02-26']],
    ['cron(0 7 ? * 6L *)', ['2026-12-25', '2027-01-29']],
    ['cron(0 7 ? * L *)', ['2026-11-28', '2026-12-05']],
    ['cron(0 7 ? * TUE#1 *)', ['2026-12-01', '2027-01-05']],
    ['cron(0 7 29 FEB ? *)', ['2028-02-29', '2032-02-29']],
    ['cron(0 7 1/10 DEC,JAN ? *)', ['2026-12-01', '2026-12-11', '2026-12-21', '2026-12-31', '2027-01-01']],
    ['cron(0 7 1 1 ? 2030-2032)', ['2030-01-01', '2031-01-01', '2032-01-01']],
    ['cron(0 7 1 1 ? 2199)', ['2199-01-01']],
    ['cron(0 7 30 FEB ? *)', []],
    ['cron(0 7 31 APR,JUN,SEP,NOV ? *)', []],
    ['cron(0 7 1 1 ? 2020)', []],
    ['cron(0 7 27 NOV ? 2026)', []],
  ])('%s', (expression, days) => expect(next(expression, Math.max(days.length, 1))).toEqual(days));

  test.each<[string, number[]]>([
    ['cron(0 7 * * ? *)', [420]],
    ['cron(*/30 7,9 * * ? *)', [420, 450, 540, 570]],
    ['cron(10-12 23 * * ? *)', [1390, 1391, 1392]],
    ['cron(5/20 0 * * ? *)', [5, 25, 45]],
  ])('%s is at these minutes', (expression, minutes) => expect(cronTimes(expression, TODAY).minutes).toEqual(minutes));

  test.each<[string, RegExp]>([
    ['cron(0 7 * * *)', /it is not cron\(/],
    ['cron(0 7 * * * *)', /one of the day/],
    ['cron(0 7 ? * ? *)', /one of the day/],
    ['cron(60 7 * * ? *)', /the minute cannot be "60": it is 0 to 59/],
    ['cron(0 24 * * ? *)', /the hour cannot be "24"/],
    ['cron(0 7 32 * ? *)', /the day of the month cannot be "32"/],
    ['cron(0 7 0 * ? *)', /the day of the month cannot be "0"/],
    ['cron(0 7 * 13 ? *)', /the month cannot be "13": it is 1 to 12 or JAN/],
    ['cron(0 7 ? * 8 *)', /the day of the week cannot be "8"/],
    ['cron(0 7 ? * MOON *)', /the day of the week cannot be "MOON"/],
    ['cron(9-7 7 * * ? *)', /ends before it begins/],
    ['cron(0/0 7 * * ? *)', /not above 0/],
    ['cron(0 *-3 * * ? *)', /the hour cannot be "\*-3"/],
    ['cron(0 7 * * ? 1969)', /the year cannot be "1969"/],
  ])('%s is refused', (expression, message) => expect(() => cronTimes(expression, TODAY)).toThrow(message));
});

type Kind = 'asynchronous' | 'component' | 'realtime';

function templateOf(schedule: EndpointSchedule, scaling?: EndpointScaling, kind: Kind = 'asynchronous', stack = newStack()) {
  const output = { bucket: Bucket.fromBucketName(stack, 'Bucket', 'payloads') };
  const inference = kind === 'asynchronous'
    ? Inference.asynchronous({ output })
    : Inference.realtime({ scaleToZero: kind === 'component' });
  new GenAiEndpoint(stack, 'Falcon', { model: falcon(), inference, scaling, schedule });
  return Template.fromStack(stack);
}

function newStack(): Stack {
  const app = new App();
  app.node.setContext(SYNTH_DAY_KEY, TODAY);
  return new Stack(app, 'Stack', VIRGINIA);
}

const actionsIn = (template: Template) =>
  Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'))[0].Properties.ScheduledActions;

describe('the schedule', () => {
  test('starts and stops by the clock of its zone, within the limits of the scaling', () => {
    const template = templateOf({ ...OFFICE_HOURS, timeZone: TimeZone.ASIA_TOKYO }, { minInstances: 1, maxInstances: 4 });
    expect(actionsIn(template)).toEqual([
      {
        ScheduledActionName: 'Start',
        Schedule: 'cron(0 7 ? * MON-FRI *)',
        Timezone: 'Asia/Tokyo',
        ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 4 },
      },
      {
        ScheduledActionName: 'Stop',
        Schedule: 'cron(0 19 ? * MON-FRI *)',
        Timezone: 'Asia/Tokyo',
        ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 },
      },
    ]);
  });

  test('without scaling starts as many as there were', () => {
    const template = templateOf(OFFICE_HOURS);
    expect(actionsIn(template).map(({ ScalableTargetAction: limits }: any) => limits)).toEqual([
      { MinCapacity: 1, MaxCapacity: 1 }, { MinCapacity: 0, MaxCapacity: 0 },
    ]);
    expect(actionsIn(template)[0].Timezone).toBe('Etc/UTC');
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
  });

  test('of a component lets its instances go too', () => {
    const template = templateOf(OFFICE_HOURS, { minInstances: 1, maxInstances: 2 }, 'component');
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    });
    const [{ Properties }] = Object.values(template.findResources('AWS::SageMaker::EndpointConfig'));
    expect(Properties.ProductionVariants[0].ManagedInstanceScaling).toMatchObject({ MinInstanceCount: 0 });
  });

  test('takes times that only the deployment knows', () => {
    const stack = newStack();
    const start = Schedule.expression(new CfnParameter(stack, 'Start').valueAsString);
    expect(actionsIn(templateOf({ ...OFFICE_HOURS, start }, undefined, 'asynchronous', stack))[0].Schedule).toEqual({ Ref: 'Start' });
  });

  test.each<[string, Partial<EndpointSchedule>, RegExp]>([
    ['that never stops', { stop: Schedule.expression('cron(0 19 30 2 ? *)') }, /The stop of the schedule never comes[^]*cron\(0 19 30 2/],
    ['that starts in the past', { start: Schedule.at(new Date('2026-11-27T07:00:00Z')) }, /The start of the schedule never comes/],
    ['that stops when it starts', { stop: OFFICE_HOURS.start }, /starts and stops at the same minute, 2026-11-30 07:00/],
    ['that does so once a year', { stop: Schedule.expression('cron(0 7 24 DEC ? *)') }, /at the same minute, 2026-12-24 07:00/],
    ['by a rate', { stop: Schedule.expression('rate(1 day)') }, /no time that AWS takes[^]*a rate says how often/],
    ['with a field that cannot be', { start: Schedule.cron({ hour: '25' }) }, /The start of the schedule is no[^]*hour cannot be "25"/],
    ['in a zone that is none', { timeZone: TimeZone.of('Mars/Phobos') }, /There is no such time zone[^]*Mars\/Phobos/],
  ])('%s is refused', (_case, change, message) => {
    expect(() => templateOf({ ...OFFICE_HOURS, ...change })).toThrow(message);
  });

  test('of a real-time endpoint is refused with the ways to serve that can be stopped', () => {
    expect(() => templateOf(OFFICE_HOURS, undefined, 'realtime'))
      .toThrow(/\[Stack\/Falcon\] SageMaker cannot stop the instances[^]*scaleToZero: true[^]*Inference\.asynchronous/);
  });
});
