/** The model of CloudWatch's alarms by which others are judged here, on the examples that AWS itself gives. */
import { alarmState, AlarmState, MissingData, Point } from '../support/cloudwatch/alarm-state';
import { Alarm, AlarmProperties } from '../support/cloudwatch/alarms';
import { MetricData, seriesKey } from '../support/cloudwatch/metric-data';
import { mathValue } from '../support/cloudwatch/metric-math';
import { MuteWindow } from '../support/cloudwatch/mute-rules';
import { timelineOf } from '../support/cloudwatch/timeline';

const TREATMENTS: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const STATES: Readonly<Record<string, AlarmState | undefined>> = { O: 'OK', A: 'ALARM', I: 'INSUFFICIENT_DATA', R: undefined };

function pointsOf(text: string): Point[] {
  return text.split(' ').map(sign => (sign === '-' ? undefined : sign === 'X' ? 'breaching' : 'within'));
}

/** The state by each treatment as its first letter, R where the one from before stays. */
function statesOf(text: string, datapointsToAlarm: number): string {
  return TREATMENTS.map(treatMissingData => {
    const rule = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData };
    const states = (['OK', 'ALARM'] as const).map(before => alarmState(pointsOf(text), rule, before));
    return Object.keys(STATES).find(letter => states.every((state, index) => state === (STATES[letter] ?? ['OK', 'ALARM'][index])));
  }).join('');
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe('the tables of the user guide: 5 points are looked at, 3 are evaluated; by missing, ignore, breaching, not breaching', () => {
  test.each([
    ['0 - X - X', 'OOOO'],
    ['0 - - - -', 'OOOO'],
    ['- - - - -', 'IRAO'],
    ['0 X X - X', 'AAAA'],
    ['- - X - -', 'ARAO'],
  ])('3 of 3, %s: %s', (points, states) => {
    expect(statesOf(points, 3)).toBe(states);
  });

  test.each([
    ['0 - X - X', 'AAAA'],
    ['0 0 X 0 X', 'AAAA'],
    ['0 - X - -', 'OOAO'],
    ['- - - - 0', 'OOAO'],
    ['- - - X -', 'ARAO'],
  ])('2 of 3, %s: %s', (points, states) => {
    expect(statesOf(points, 2)).toBe(states);
  });

  test.each(['- - - - X', '- - - X -', '- - - X 0', '- - X - 0'])('not too early, 3 of 3, %s: missing data brings no alarm', points => {
    expect(statesOf(points, 3)[0]).not.toBe('A');
  });
});

const SERIES = { namespace: 'Shop', name: 'Orders', dimensions: { service_name: 'cart' } };
const PROPERTIES: AlarmProperties = {
  AlarmName: 'Orders',
  Namespace: 'Shop',
  MetricName: 'Orders',
  Dimensions: [{ Name: 'service_name', Value: 'cart' }],
  Period: 60,
  Statistic: 'Sum',
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
  TreatMissingData: 'notBreaching',
  AlarmActions: ['topic'],
};
const put = (data: MetricData, at: number, value: number, times = 1, series = SERIES): void =>
  data.put([{ ...series, unit: 'Count', values: [value] }], at, times);

test.each([
  ['Sum', 1050], ['SampleCount', 101], ['Average', 1050 / 101], ['Minimum', 10], ['Maximum', 50], ['p50', 10], ['p99', 10], ['p99.9', 50],
])('%s of a hundred tens and a fifty is %d; what lies outside the period or in another series does not count', (statistic, value) => {
  const data = new MetricData();
  put(data, 60, 10, 100);
  put(data, 119, 50);
  put(data, 59, 1000);
  put(data, 120, 1000);
  put(data, 60, 1000, 1, { ...SERIES, dimensions: { service_name: 'cart', more: 'x' } as never });
  const read = { ...SERIES, key: seriesKey(SERIES), statistic, periodSeconds: 60 };
  expect(data.tryStatistic(read, 120)).toBeCloseTo(value, 10);
  expect(data.tryStatistic(read, 240)).toBeUndefined();
});

test.each<[string, number | undefined]>([
  ['IF(FILL(requests, 0) > 0, 100 * FILL(errors, 0) / requests, 0)', 0],
  ['100 * errors / requests', undefined],
  ['FILL(errors, 7) + many', 107],
  ['many / zero', undefined],
  ['IF(many > 99, 1, 2) - (3 - -1) * 2', -7],
  ['IF(errors > 1, 1, 2)', undefined],
])('metric math: %s is %p', (expression, value) => {
  expect(mathValue(expression, id => ({ many: 100, zero: 0 } as Record<string, number>)[id])).toBe(value);
});

test('metric math that is not modelled is an error, not a wrong value', () => {
  expect(() => mathValue('RATE(many)', () => 1)).toThrow('not modelled');
});

test('an alarm compares one exact series with its threshold', () => {
  const data = new MetricData();
  put(data, 0, 10);
  put(data, 60, 11);
  put(data, 120, 99, 1, { ...SERIES, dimensions: { service_name: 'chat' } });
  const alarm = new Alarm(PROPERTIES);
  expect([60, 120, 180].map(at => alarm.evaluate(data, at, 0))).toEqual(['OK', 'ALARM', 'OK']);
});

describe('mute rules, as the scenarios of the user guide have them', () => {
  const window = new MuteWindow({ Rule: { Schedule: { Expression: 'cron(0 2 * * *)', Duration: 'PT6H', Timezone: 'Asia/Tokyo' } } });
  const tokyo = (time: string): number => Date.parse(`2026-11-28T${time}:00+09:00`) / 1000;

  test.each([['01:59', false], ['02:00', true], ['07:59', true], ['08:00', false], ['23:59', false]])('at %s open: %p', (time, open) => {
    expect(window.isOpen(tokyo(time))).toBe(open);
  });

  test('a window over midnight is open on both sides of it', () => {
    const night = new MuteWindow({ Rule: { Schedule: { Expression: 'cron(30 22 * * *)', Duration: 'PT2H30M' } } });
    expect(['22:29', '22:30', '00:59', '01:00'].map(time => night.isOpen(Date.parse(`2026-11-28T${time}:00Z`) / 1000)))
      .toEqual([false, true, true, false]);
  });

  /** Breaches from one time to the other. */
  function toldOf(from: string, to: string): string[] {
    const data = new MetricData();
    for (let at = tokyo(from); at < tokyo(to); at += 60) put(data, at, 11);
    const { told } = timelineOf([new Alarm(PROPERTIES, [window])], data, { from: tokyo('00:00'), to: tokyo('12:00') });
    return told.map(({ at }) => new Date(at * 1000 + 9 * 3_600_000).toISOString().slice(11, 16));
  }

  test('nobody is told of what begins and ends in the window', () => expect(toldOf('03:00', '05:00')).toEqual([]));
  test('what lasts is told when the window closes', () => expect(toldOf('03:00', '09:00')).toEqual(['08:00']));
  test('what began before was told then, and once', () => expect(toldOf('01:00', '09:00')).toEqual(['01:01']));
  test('what begins afterwards is told at once', () => expect(toldOf('09:00', '10:00')).toEqual(['09:01']));
});
