import { isRecord, JsonRecord } from '../../../contract/template/template-values';
import { AppModel } from '../template/app-model';
import { knownText } from '../template/known-text';
import { TemplateResource } from '../template/template';

const ALARM = 'AWS::CloudWatch::Alarm';
const MUTE_RULE = 'AWS::CloudWatch::AlarmMuteRule';
const MINUTES_A_DAY = 24 * 60;
const MOST_DAYS_A_MONTH = 31;
const WHOLE_WEEKS = ['0-6', '1-7', 'MON-SUN', 'SUN-SAT'];

/** What no metric of the catalogue reaches: a function runs for 15 minutes at most, and none counts this much in one data point. */
const NEVER_REACHED = { durationMs: 15 * 60 * 1000, count: 1e9 };

/** The alarms that can tell somebody: their actions are on, their threshold can be reached, and no mute rule holds them for ever. */
export function liveAlarms(app: AppModel): readonly TemplateResource[] {
  return app.once('live alarms', app, () => {
    const muted = mutedForEver(app);
    return app.resources(ALARM).filter(alarm => !muted.has(alarm) && hasActions(alarm, app) && isReachable(alarm, app));
  });
}

function hasActions(alarm: TemplateResource, app: AppModel): boolean {
  const { ActionsEnabled } = alarm.properties;
  return ActionsEnabled === undefined || app.texts(alarm, ActionsEnabled).some(text => text !== 'false');
}

/** Metrics of the catalogue are counts and durations: never below zero. */
function isReachable(alarm: TemplateResource, app: AppModel): boolean {
  const value = (name: string): string => String(knownText(alarm, alarm.properties[name], app));
  if (value('TreatMissingData') === 'breaching') return true;
  const threshold = Number(value('Threshold'));
  if (Number.isNaN(threshold)) return true;
  const most = value('MetricName').endsWith('Ms') ? NEVER_REACHED.durationMs : NEVER_REACHED.count;
  switch (value('ComparisonOperator')) {
    case 'LessThanThreshold': return threshold > 0;
    case 'LessThanOrEqualToThreshold': return threshold >= 0;
    case 'GreaterThanThreshold':
    case 'GreaterThanOrEqualToThreshold': return threshold < most;
    default: return true;
  }
}

function mutedForEver(app: AppModel): Set<TemplateResource> {
  return new Set(app.resources(MUTE_RULE).filter(rule => neverEnds(rule, app)).flatMap(rule => mutedBy(rule, app)));
}

function mutedBy(rule: TemplateResource, app: AppModel): TemplateResource[] {
  const { MuteTargets } = rule.properties;
  const names = isRecord(MuteTargets) ? MuteTargets.AlarmNames : undefined;
  const texts = app.texts(rule, names);
  const named = app.resources(ALARM).filter(alarm => app.texts(alarm, alarm.properties.AlarmName).some(name => texts.includes(name)));
  return [...app.targets(rule, names), ...named];
}

/** Whether one mute window is still open when the next one opens. */
function neverEnds(rule: TemplateResource, app: AppModel): boolean {
  if (rule.properties.ExpireDate !== undefined) return false;
  const schedule = scheduleOf(rule.properties);
  const [expression] = app.texts(rule, schedule.Expression);
  const [duration] = app.texts(rule, schedule.Duration);
  const pause = minutesBetween(expression ?? '');
  return pause !== undefined && minutesOf(duration ?? '') >= pause;
}

function scheduleOf({ Rule }: JsonRecord): JsonRecord {
  return isRecord(Rule) && isRecord(Rule.Schedule) ? Rule.Schedule : {};
}

/** The longest time between two starts of a cron expression, counted generously; undefined for one that starts once. */
function minutesBetween(expression: string): number | undefined {
  const fields = /^cron\((.*)\)$/.exec(expression.trim())?.[1].trim().split(/\s+/);
  if (!fields || fields.length < 5) return undefined;
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (!isAny(month)) return undefined;
  if (!isAny(dayOfMonth)) return MOST_DAYS_A_MONTH * MINUTES_A_DAY;
  if (!isAny(dayOfWeek) && !WHOLE_WEEKS.includes(dayOfWeek)) return 7 * MINUTES_A_DAY;
  if (!isAny(hour)) return MINUTES_A_DAY;
  return isAny(minute) ? 1 : 60;
}

const isAny = (field: string): boolean => field === '*' || field === '?' || field === '*/1';

/** The minutes of an ISO 8601 duration such as `P1D` or `PT6H`. */
function minutesOf(duration: string): number {
  const [, days = 0, hours = 0, minutes = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  return Number(days) * MINUTES_A_DAY + Number(hours) * 60 + Number(minutes);
}
