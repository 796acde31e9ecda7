import { TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';

/** When the instances of an endpoint are started and stopped. */
export interface EndpointSchedule {
  /** When instances may run again, for example `Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '0' })`. */
  readonly start: Schedule;

  /**
   * When all are stopped. Asynchronous requests wait until the start then, for up to 6 hours; real-time ones are refused.
   */
  readonly stop: Schedule;

  /**
   * The time zone of both.
   *
   * @default TimeZone.ETC_UTC
   */
  readonly timeZone?: TimeZone;
}
