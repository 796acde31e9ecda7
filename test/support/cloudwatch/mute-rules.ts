/** An `AWS::CloudWatch::AlarmMuteRule` of a template. */
export interface MuteRuleProperties {
  readonly MuteTargets?: { readonly AlarmNames: readonly unknown[] };
  readonly Rule: { readonly Schedule: { readonly Expression: string; readonly Duration: string; readonly Timezone?: string } };
}

const DAY = 24 * 60;
const DAILY = /^cron\((\d+) (\d+) \* \* \*\)$/;
const DURATION = /^PT(?:(\d+)H)?(?:(\d+)M)?$/;

/** The window that a mute rule opens every day. Errors: a schedule that is not daily. */
export class MuteWindow {
  private readonly start: number;
  private readonly length: number;
  private readonly clock: Intl.DateTimeFormat;

  constructor({ Rule: { Schedule } }: MuteRuleProperties) {
    const [cron, duration] = [DAILY.exec(Schedule.Expression), DURATION.exec(Schedule.Duration)];
    if (!cron || !duration) throw new Error(`${Schedule.Expression} for ${Schedule.Duration} is not modelled`);
    this.start = minutes(cron[2], cron[1]);
    this.length = minutes(duration[1], duration[2]);
    const timeZone = Schedule.Timezone ?? 'UTC';
    this.clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  }

  /** At a time in seconds. */
  public isOpen(at: number): boolean {
    const [hour, minute] = this.clock.format(at * 1000).split(':');
    return (minutes(hour, minute) - this.start + DAY) % DAY < this.length;
  }
}

function minutes(hours = '0', minute = '0'): number {
  return Number(hours) * 60 + Number(minute);
}
