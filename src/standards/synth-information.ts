import { Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnAlarmMuteRule } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { AppAtSynth } from './app-at-synth';
import { hasDefaultRetention, inform, modeWithoutEnvelope } from './information';
import { MonthlyCost, monthlyCost } from './monthly-cost';
import { Warning } from './warnings';
import { LOGGING, METRIC_CATALOG, PRICES } from '../contract/data';

const GUIDE = 'https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/operating.md';
const MAX_NAMED = 5;

/** What was left to the defaults. */
export interface LeftToDefaults {
  readonly alarmTopic: boolean;
  readonly muteWindow: boolean;
}

/**
 * Says once for each standards, at the first stack concerned, what their defaults mean; and for each stack what it adds to the bill. At
 * synth, when all is there. Nothing of it stops anything.
 */
export function informAtSynth(scope: IConstruct, left: LeftToDefaults, isOwn: (stack: Stack) => boolean): void {
  AppAtSynth.validate(scope, app => {
    const stacks = scope.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct) && isOwn(construct));
    const contents = stacks.map(stack => [stack, stack.node.findAll().filter(one => Stack.of(one) === stack)] as const);
    tellOnce(contents, left.alarmTopic ? one => isQuietAlarm(app, one) : () => false, noAlarmTopic);
    tellOnce(contents, left.muteWindow ? isOfType(CfnAlarmMuteRule.CFN_RESOURCE_TYPE_NAME) : () => false, muteWindow);
    tellOnce(contents, hasDefaultRetention, logRetention);
    tellOnce(contents, one => modeWithoutEnvelope(one) !== undefined, withoutEnvelope);
    for (const [stack, constructs] of contents) {
      const cost = monthlyCost(stack, constructs);
      if (cost.total > 0) inform(stack, addedCost(cost));
    }
    return [];
  });
}

function tellOnce(
  contents: readonly (readonly [Stack, readonly IConstruct[]])[], concerns: (construct: IConstruct) => boolean,
  tell: (concerned: readonly IConstruct[]) => Warning,
): void {
  const concerned = contents.flatMap(([stack, constructs]) => constructs.filter(concerns).map(one => [stack, one] as const));
  if (concerned.length > 0) inform(concerned[0][0], tell(concerned.map(([, one]) => one)));
}

function isOfType(type: string): (construct: IConstruct) => boolean {
  return construct => CfnAlarm.isCfnResource(construct) && construct.cfnResourceType === type;
}

/** Actions that are known only at deployment are actions. */
function isQuietAlarm(app: AppAtSynth, construct: IConstruct): boolean {
  if (!isOfType(CfnAlarm.CFN_RESOURCE_TYPE_NAME)(construct)) return false;
  const actions = app.properties(construct as CfnAlarm).AlarmActions;
  return actions === undefined || (Array.isArray(actions) && actions.length === 0);
}

function noAlarmTopic(alarms: readonly IConstruct[]): Warning {
  return {
    id: 'noAlarmTopic',
    message: `${counted(alarms.length, 'alarm changes its state and tells', 'alarms change their state and tell')} nobody. `
      + `To be told, give Standards.apply an alarmTopic. ${GUIDE}#alarm-topic`,
  };
}

function muteWindow(): Warning {
  const { start, end, timeZone } = METRIC_CATALOG.muteWindow;
  return {
    id: 'muteWindow',
    message: `Alarms on silence are muted from ${start} to ${end} in the time zone ${timeZone}, each day. `
      + `For other hours give Standards.apply a muteWindow; for none, MuteWindow.none(). ${GUIDE}#mute-window`,
  };
}

function logRetention(groups: readonly IConstruct[]): Warning {
  return {
    id: 'logRetention',
    message: `The logs of ${counted(groups.length, 'log group are', 'log groups are')} kept for ${LOGGING.retentionDays} days, and the `
      + 'groups stay when their stack is deleted. For other terms give the function a logGroup of your own. '
      + `${GUIDE}#what-stays-when-a-stack-is-deleted`,
  };
}

function withoutEnvelope(functions: readonly IConstruct[]): Warning {
  const named = functions.slice(0, MAX_NAMED).map(fn => `${fn.node.path} (${String(modeWithoutEnvelope(fn))})`).join(', ');
  const more = functions.length > MAX_NAMED ? ` and ${functions.length - MAX_NAMED} more` : '';
  return {
    id: 'withoutEnvelope',
    message: `The answers of ${counted(functions.length, 'function leave', 'functions leave')} without the envelope: ${named}${more}. `
      + `The checks pass all the same. ${GUIDE}#the-envelope-step-by-step`,
  };
}

function addedCost({ alarmMetrics, compositeAlarms, customMetrics, apiMetrics, total, pricedIn }: MonthlyCost): Warning {
  const parts = [
    counted(alarmMetrics, 'metric under an alarm', 'metrics under alarms'),
    counted(compositeAlarms, 'composite alarm', 'composite alarms'),
    counted(customMetrics, 'custom metric', 'custom metrics'),
    counted(apiMetrics, 'detailed metric of an API', 'detailed metrics of APIs'),
  ].filter(part => !part.startsWith('0 '));
  return {
    id: 'monthlyCost',
    message: `In use, this stack adds at least ${total.toFixed(2)} ${PRICES.currency} a month to the bill, at the prices of ${pricedIn} on `
      + `${PRICES.pricedOn} and without the free tier: ${parts.join(', ')}. Requests, logs, and metrics of errors as they come are beside `
      + `it. ${GUIDE}#cost`,
  };
}

function counted(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`;
}
