import { Stack } from 'aws-cdk-lib';
import { Alarm, AlarmMuteRule, ScheduleExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { METRIC_CATALOG } from '../contract/data';
import { MuteWindow } from '../standards/mute-window';
import { sharedChild } from '../standards/shared-child';

const ID = 'PlumblineMuteRules';

/** The mute rules of one stack: one a window, and a further one each time a rule is full. */
export class StackMuteRules extends Construct {
  /** The mute rules of the stack that holds `scope`. */
  public static of(scope: IConstruct): StackMuteRules {
    return sharedChild(Stack.of(scope), ID, (stack, id) => new StackMuteRules(stack, id));
  }

  private readonly alarmsByWindow = new Map<string, number>();

  /** Mutes `alarm` during `window`. */
  public mute(alarm: Alarm, window: MuteWindow): void {
    if (window.isNone) return;
    const key = windowKey(window);
    const count = this.alarmsByWindow.get(key) ?? 0;
    this.alarmsByWindow.set(key, count + 1);
    const ordinal = Math.floor(count / METRIC_CATALOG.muteRuleMaxAlarms);
    sharedChild(this, ordinal === 0 ? key : `${key}-${ordinal + 1}`, (scope, id) => createRule(scope, id, window)).addAlarm(alarm);
  }
}

function createRule(scope: Construct, id: string, window: MuteWindow): AlarmMuteRule {
  const [hour, minute] = window.start!.split(':').map(part => String(Number(part)));
  return new AlarmMuteRule(scope, id, {
    description: `Silence is expected for ${window.duration.toHumanString()} from ${window.start} ${window.timeZone.timezoneName}`,
    schedule: ScheduleExpression.cron({ minute, hour, timeZone: window.timeZone }),
    duration: window.duration,
  });
}

function windowKey(window: MuteWindow): string {
  return `${window.start!.replace(':', '')}-${window.duration.toMinutes()}m-${window.timeZone.timezoneName.replace(/\W/g, '_')}`;
}
