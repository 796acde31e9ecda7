import { Arn, ArnFormat, Token } from 'aws-cdk-lib';
import { Alarm, AlarmProps, CfnAlarm, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmKind, incidentOf, runbookLink } from '../contract/alarm-kind';
import { ALARMS, METRIC_CATALOG, PHYSICAL_NAMES } from '../contract/data';
import { physicalName } from '../contract/physical-name';
import { AppAtSynth } from '../standards/app-at-synth';
import { Standards } from '../standards/standards';
import { teachingError, teachingErrors, teachingMessage } from '../standards/teaching-error';

const WINDOW = METRIC_CATALOG.alarmWindow;

/** Properties of a standard alarm. */
export interface StandardAlarmProps extends AlarmProps {
  readonly metric: Metric | MathExpression;
  /** What the alarm is about. */
  readonly kind: AlarmKind;
  /** When it rings, for whom: the first sentence of the description. */
  readonly rings: string;
  /** What the alarm's name says after the product and the environment, unless it has a name of its own. */
  readonly nameParts: readonly (string | undefined)[];
}

/**
 * An alarm as every alarm of the library is: named after product and environment, with the incident that it stands for and a link to its
 * runbook, with a window that CloudWatch takes, and sent to the topic of the standards, which CloudWatch wants in the alarm's own Region.
 */
export function standardAlarm(scope: Construct, id: string, props: StandardAlarmProps): Alarm {
  const alarm = new Alarm(scope, id, standardAlarmProps(scope, id, props));
  tellOwnRegion(alarm);
  return alarm;
}

/** For a class of alarms: the properties of the CDK's alarm, of which `tellOwnRegion` is still to be called. */
export function standardAlarmProps(scope: Construct, id: string, { kind, rings, nameParts, ...props }: StandardAlarmProps): AlarmProps {
  const standards = Standards.of(scope);
  const alarmName = props.alarmName ?? physicalName(standards, ...nameParts);
  requireName(scope, id, alarmName);
  requireWindow(scope, id, props.metric.period.toSeconds(), props.evaluationPeriods);
  const alarmDescription = `${rings} Incident: ${incidentOf(kind)} Runbook: ${runbookLink(standards.runbookUrl, kind)}`;
  return { ...props, alarmName, alarmDescription };
}

/** Sends the alarm to the topic of the standards, and looks at synth for actions of another Region. */
export function tellOwnRegion(alarm: Alarm): void {
  const { alarmTopic } = Standards.of(alarm);
  if (alarmTopic) tell(alarm, alarmTopic);
  alarm.node.addValidation({ validate: () => [...findActionsElsewhere(alarm), ...findLongDescription(alarm)] });
}

function tell(alarm: Alarm, topic: ITopic): void {
  const { region } = alarm.env;
  if (isAnotherRegion(topic.env.region, region)) {
    throw teachingError(alarm, {
      problem: 'CloudWatch sends an alarm to a topic of the alarm\'s own Region only',
      given: `alarmTopic in ${topic.env.region}`,
      allowed: `a topic in ${region}`,
      fix: 'apply Standards with a topic of this Region to the stack',
    });
  }
  alarm.addAlarmAction(new SnsAction(topic));
}

function findActionsElsewhere(alarm: Alarm): string[] {
  const { region } = alarm.env;
  const { AlarmActions, OKActions, InsufficientDataActions } = AppAtSynth.of(alarm).properties(alarm.node.defaultChild as CfnAlarm);
  const arns = [AlarmActions, OKActions, InsufficientDataActions].flat().filter(arn => typeof arn === 'string');
  return arns.filter(arn => isAnotherRegion(regionOf(arn), region)).map(arn => teachingMessage(alarm, {
    problem: 'CloudWatch runs the actions of an alarm in the alarm\'s own Region only',
    given: arn,
    allowed: `topics and other actions in ${region}`,
    fix: 'add an action of this Region, for example a topic that forwards to the other one',
  }));
}

function findLongDescription(alarm: Alarm): string[] {
  const { AlarmDescription } = AppAtSynth.of(alarm).properties(alarm.node.defaultChild as CfnAlarm);
  if (typeof AlarmDescription !== 'string' || AlarmDescription.length <= ALARMS.descriptionMaxLength) return [];
  return [teachingMessage(alarm, {
    problem: `CloudWatch takes no description of ${AlarmDescription.length} characters`,
    given: AlarmDescription,
    allowed: `${ALARMS.descriptionMaxLength} characters`,
    fix: 'give the standards a shorter runbookUrl, or the metric or the service a shorter name',
  })];
}

function regionOf(arn: string): string | undefined {
  return Arn.split(arn, ArnFormat.NO_RESOURCE_NAME).region;
}

/** Regions that are known only at deployment are not compared. */
function isAnotherRegion(given: string | undefined, own: string): boolean {
  return !!given && !Token.isUnresolved(given) && !Token.isUnresolved(own) && given !== own;
}

function requireName(scope: Construct, id: string, name: string): void {
  if (Token.isUnresolved(name) || (name.length > 0 && name.length <= PHYSICAL_NAMES.alarmNameMaxLength)) return;
  throw teachingErrors(scope, `The alarm "${id}"`)({
    problem: `CloudWatch takes no name of ${name.length} characters`,
    given: name,
    allowed: `1 to ${PHYSICAL_NAMES.alarmNameMaxLength} characters`,
    fix: 'give the alarm, the service or the metric a shorter name',
  });
}

/** How many periods of this length CloudWatch looks back; none, where one is too long. */
export function mostPeriods(periodSeconds: number): number {
  return Math.floor((periodSeconds < WINDOW.longPeriodSeconds ? WINDOW.maxSeconds : WINDOW.maxSecondsOfLongPeriods) / periodSeconds);
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (Period) */
function requireWindow(scope: Construct, id: string, periodSeconds: number, evaluationPeriods: number): void {
  if (Token.isUnresolved(periodSeconds) || Token.isUnresolved(evaluationPeriods)) return;
  const most = mostPeriods(periodSeconds);
  if (Number.isInteger(evaluationPeriods) && evaluationPeriods >= 1 && evaluationPeriods <= most) return;
  throw teachingErrors(scope, `The alarm "${id}"`)({
    problem: 'CloudWatch looks back one day at most, or seven days with periods of an hour or more',
    given: { periodSeconds, evaluationPeriods },
    allowed: most >= 1 ? `1 to ${most} evaluationPeriods of ${periodSeconds} s` : `a period of ${WINDOW.maxSecondsOfLongPeriods} s at most`,
    fix: 'lower evaluationPeriods, or take a period of an hour or more',
  });
}
