export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** A data point as an alarm sees it; undefined where the metric has none. */
export type Point = 'breaching' | 'within' | undefined;

/** How an alarm judges its points: `datapointsToAlarm` of the last `evaluationPeriods`. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
}

/**
 * How many more periods than it evaluates an alarm looks back for points, in case some are missing. AWS publishes no formula: "depends on
 * the length of the alarm period". The one figure it gives is this: 5 for an alarm of 3 periods of 5 minutes.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export const DOCUMENTED_LOOK_BACK = 2;

/**
 * The state of an alarm by the points of its evaluation range, the oldest first.
 *
 * Enough points that are there decide alone, the newest of them; only what is lacking then is filled, as the alarm treats missing data.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(range: readonly Point[], rule: AlarmRule, before: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const points = range.filter(point => point !== undefined).slice(-evaluationPeriods);
  const filled = evaluationPeriods - points.length;
  const breaching = points.filter(point => point === 'breaching').length + (treatMissingData === 'breaching' ? filled : 0);
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (filled === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') return 'OK';
  if (points.length === 0) return treatMissingData === 'ignore' ? before : 'INSUFFICIENT_DATA';
  if (!isOldBreach(range, rule)) return 'OK';
  return treatMissingData === 'ignore' ? before : 'ALARM';
}

/**
 * AWS's rule against alarms that come too early: too few points are there, all of them breach, and the oldest in the periods that are
 * evaluated is so old that as many more could have come as the alarm wants.
 */
function isOldBreach(range: readonly Point[], { evaluationPeriods, datapointsToAlarm }: AlarmRule): boolean {
  if (range.includes('within')) return false;
  const evaluated = range.slice(-evaluationPeriods);
  const oldest = evaluated.indexOf('breaching');
  return oldest >= 0 && evaluated.length - oldest >= datapointsToAlarm;
}
