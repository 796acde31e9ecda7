import { Alarm } from './alarms';
import { MetricData } from './metric-data';

/** What an alarm did, and when, in seconds. */
export interface Happening {
  readonly alarm: string;
  readonly at: number;
}

export interface TimelineOptions {
  readonly from: number;
  readonly to: number;
  /** How many periods more than they evaluate the alarms look back. */
  readonly lookBack?: number;
}

/** What the alarms did in a stretch of time. */
export interface Timeline {
  /** When an alarm went into the state ALARM. */
  readonly alarmed: readonly Happening[];
  /** When somebody was told of it. */
  readonly told: readonly Happening[];
}

const MINUTE = 60;

/**
 * Evaluates alarms every minute. An alarm that rings while it is muted is told of when its window closes, if it rings still.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules-behaviour.html
 */
export function timelineOf(alarms: readonly Alarm[], data: MetricData, { from, to, lookBack }: TimelineOptions): Timeline {
  const alarmed: Happening[] = [];
  const told: Happening[] = [];
  const kept = new Set<Alarm>();
  for (let at = from; at <= to; at += MINUTE) {
    for (const alarm of alarms) {
      const before = alarm.state;
      const rings = alarm.evaluate(data, at, lookBack) === 'ALARM';
      if (rings && before !== 'ALARM') {
        alarmed.push({ alarm: alarm.name, at });
        kept.add(alarm);
      }
      if (!rings) kept.delete(alarm);
      if (!kept.has(alarm) || alarm.isMuted(at)) continue;
      kept.delete(alarm);
      if (alarm.tellsAlarm) told.push({ alarm: alarm.name, at });
    }
  }
  return { alarmed, told };
}
