import { TimeZone, Token } from 'aws-cdk-lib';
import { ScalableTarget, Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct } from 'constructs';
import { CronTimes, cronTimes } from './cron-times';
import { EndpointSchedule } from './endpoint-schedule';
import { InstanceLimits } from './instance-limits';
import { Serving } from './serving';
import { synthDay } from '../standards/synth-day';
import { teachingError } from '../standards/teaching-error';

/**
 * Refuses a schedule for an endpoint that cannot go without instances. Such an endpoint could be deleted and created again; but
 * CloudFormation owns it: its next update would fail at what is not there, and its alarms and scaling would watch nothing.
 */
export function requireStoppable(scope: Construct, { kind }: Serving, schedule: EndpointSchedule | undefined): void {
  if (!schedule || kind !== 'realtime') return;
  throw teachingError(scope, {
    problem: 'SageMaker cannot stop the instances of a real-time endpoint: only those of one that hosts an inference component',
    given: 'schedule with Inference.realtime()',
    allowed: 'schedule with Inference.realtime({ scaleToZero: true }) or Inference.asynchronous()',
    fix: 'inference: Inference.realtime({ scaleToZero: true }); callers then name the inference component too',
  });
}

/** Starts and stops the instances: outside the times there may be none, inside as many as the scaling allows. */
export function scheduleEndpoint(scope: Construct, target: ScalableTarget, limits: InstanceLimits, schedule: EndpointSchedule): void {
  const timeZone = requireTimeZone(scope, schedule.timeZone ?? TimeZone.ETC_UTC);
  const start = timesOf(scope, 'start', schedule.start);
  const stop = timesOf(scope, 'stop', schedule.stop);
  requireApart(scope, schedule, start, stop);
  target.scaleOnSchedule('Start', { schedule: schedule.start, timeZone, minCapacity: limits.min, maxCapacity: limits.max });
  target.scaleOnSchedule('Stop', { schedule: schedule.stop, timeZone, minCapacity: 0, maxCapacity: 0 });
}

/** Undefined for what is known only at deployment. */
function timesOf(scope: Construct, name: string, { expressionString }: Schedule): CronTimes | undefined {
  if (Token.isUnresolved(expressionString)) return undefined;
  const times = readTimes(scope, name, expressionString);
  if (times.days.length > 0) return times;
  throw teachingError(scope, {
    problem: `The ${name} of the schedule never comes`,
    given: expressionString,
    allowed: 'a time that comes again',
    fix: `${name}: Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '0' })`,
  });
}

function readTimes(scope: Construct, name: string, expression: string): CronTimes {
  const today = synthDay(scope);
  const at = /^at\((\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(:\d{2})?\)$/.exec(expression);
  if (at) return { minutes: [Number(at[2]) * 60 + Number(at[3])], days: at[1] >= today ? [at[1]] : [] };
  try {
    return cronTimes(expression, today);
  } catch (fault) {
    throw teachingError(scope, {
      problem: `The ${name} of the schedule is no time that AWS takes: ${(fault as Error).message}`,
      given: expression,
      allowed: 'Schedule.cron or Schedule.at: a rate says how often, and not when',
      fix: `${name}: Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '0' })`,
    });
  }
}

function requireApart(scope: Construct, schedule: EndpointSchedule, start: CronTimes | undefined, stop: CronTimes | undefined): void {
  if (!start || !stop) return;
  const startDays = new Set(start.days);
  const day = stop.days.find(stopDay => startDays.has(stopDay));
  const minute = stop.minutes.find(stopMinute => start.minutes.includes(stopMinute));
  if (day === undefined || minute === undefined) return;
  const clock = [Math.floor(minute / 60), minute % 60].map(part => String(part).padStart(2, '0')).join(':');
  throw teachingError(scope, {
    problem: `The schedule starts and stops at the same minute, ${day} ${clock}, and nobody knows which comes last`,
    given: { start: schedule.start.expressionString, stop: schedule.stop.expressionString },
    allowed: 'a start and a stop at different times',
    fix: 'stop: a time after start, for example Schedule.cron({ weekDay: \'MON-FRI\', hour: \'19\', minute: \'0\' })',
  });
}

function requireTimeZone(scope: Construct, timeZone: TimeZone): TimeZone {
  if (Token.isUnresolved(timeZone.timezoneName)) return timeZone;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timeZone.timezoneName });
    return timeZone;
  } catch {
    throw teachingError(scope, {
      problem: 'There is no such time zone',
      given: timeZone.timezoneName,
      allowed: 'a name of the IANA database',
      fix: 'for example TimeZone.ASIA_TOKYO',
    });
  }
}
