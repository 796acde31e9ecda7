import { Stack } from 'aws-cdk-lib';
import { Alarm, AlarmMuteRule, ScheduleExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { METRIC_CATALOG } from '../contract/data';
import { MuteWindow } from '../standards/mute-window';

const ID = 'PlumblineMuteRules';

/** The mute rules of one stack: one a window, and a further one each time a rule is full. */
export class StackMuteRules extends Construct {
  /** The mute rules of the stack that holds `scope`. */
  public static of(scope: IConstruct): StackMuteRules {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as StackMuteRules | undefined) ?? new StackMuteRules(stack, ID);
  }

  private readonly alarmsByWindow = new Map<string, number>();

  /** Mutes `alarm` during `window`. */
  public mute(alarm: Alarm, window: MuteWindow): void {
    if (window.isNone) return;
    const key = windowKey(window);
    const count = this.alarmsByWindow.get(key) ?? 0;
    this.alarmsByWindow.set(key, count + 1);
    const ordinal = Math.floor(count / METRIC_CATALOG.muteRuleMaxAlarms);
    this.rule(ordinal === 0 ? key : `${key}-${ordinal + 1}`, window).addAlarm(alarm);
  }

  private rule(id: string, window: MuteWindow): AlarmMuteRule {
    const existing = this.node.tryFindChild(id) as AlarmMuteRule | undefined;
    if (existing) return existing;
    const [hour, minute] = window.start!.split(':').map(part => String(Number(part)));
    return new AlarmMuteRule(this, id, {
      description: `Silence is expected for ${window.duration.toHumanString()} from ${window.start} ${window.timeZone.timezoneName}`,
      schedule: ScheduleExpression.cron({ minute, hour, timeZone: window.timeZone }),
      duration: window.duration,
    });
  }
}

function windowKey(window: MuteWindow): string {
  return `${window.start!.replace(':', '')}-${window.duration.toMinutes()}m-${window.timeZone.timezoneName.replace(/\W/g, '_')}`;
}
