import { Duration, TimeZone } from 'aws-cdk-lib';
import { METRIC_CATALOG } from '../contract/data';

/** A time of day in which alarms that fire on silence stay quiet. */
export interface DailyMuteWindowOptions {
  /** When the window opens, as `HH:MM`. */
  readonly start: string;
  /** When the window closes, as `HH:MM`; earlier than `start` means the next day. */
  readonly end: string;
  /**
   * The time zone of `start` and `end`.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}

/** When silence is expected: the hours in which missing-metric alarms are muted. */
export class MuteWindow {
  /** The window of the standard: 02:00–08:00 Asia/Tokyo. */
  public static standard(): MuteWindow {
    const { start, end, timeZone } = METRIC_CATALOG.muteWindow;
    return MuteWindow.daily({ start, end, timeZone: TimeZone.of(timeZone) });
  }

  /**
   * The same window every day.
   *
   * Errors: a time that is not `HH:MM`, or a window that is empty.
   */
  public static daily(options: DailyMuteWindowOptions): MuteWindow {
    return new MuteWindow(options);
  }

  /** No window: alarms fire at any hour. */
  public static none(): MuteWindow {
    return new MuteWindow();
  }

  /** Whether there is no window at all. */
  public readonly isNone: boolean;
  /** When the window opens, as `HH:MM`; undefined when there is none. */
  public readonly start?: string;
  /** How long the window stays open. Zero when there is none. */
  public readonly duration: Duration;
  /** The time zone of `start`. */
  public readonly timeZone: TimeZone;

  private constructor(options?: DailyMuteWindowOptions) {
    this.isNone = options === undefined;
    this.start = options?.start;
    this.timeZone = options?.timeZone ?? TimeZone.ETC_UTC;
    this.duration = options ? windowLength(options) : Duration.minutes(0);
  }
}

const MINUTES_A_DAY = 24 * 60;

function windowLength({ start, end }: DailyMuteWindowOptions): Duration {
  const minutes = (minuteOfDay(end) - minuteOfDay(start) + MINUTES_A_DAY) % MINUTES_A_DAY;
  if (minutes === 0) {
    throw new Error(
      `MuteWindow: the window from ${start} to ${end} is empty. Give an end that differs from the start; ` +
      'for alarms that are never muted use MuteWindow.none().',
    );
  }
  return Duration.minutes(minutes);
}

function minuteOfDay(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) {
    throw new Error(`MuteWindow: ${JSON.stringify(time)} is not a time of day. Write hours and minutes as HH:MM, for example "02:00".`);
  }
  return Number(match[1]) * 60 + Number(match[2]);
}
