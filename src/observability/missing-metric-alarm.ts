import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { StackMuteRules } from './stack-mute-rules';
import { mostPeriods, standardAlarmProps, tellOwnRegion } from './standard-alarm';
import { METRIC_CATALOG } from '../contract/data';
import { METRICS } from '../contract/metric-entry';
import { MuteWindow } from '../standards/mute-window';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

/** Properties of a `MissingMetricAlarm`. */
export interface MissingMetricAlarmProps {
  /** The metric whose silence is a fault. */
  readonly metric: CatalogMetric;

  /**
   * The service whose silence is a fault.
   *
   * @default - the whole product: the alarm fires when no service of it emits
   */
  readonly serviceName?: string;

  /**
   * The length of one data point.
   *
   * @default - how old the newest datum may be by the catalogue, or by the `freshness` of a team's metric: 5 minutes for most
   */
  readonly period?: Duration;

  /**
   * How many data points without a count above zero make the alarm fire. All of them together span one day at most, or seven
   * days with a `period` of an hour or more.
   *
   * @default - as many as span twice the time that the newest datum may be old: 2, where `period` is left out
   */
  readonly evaluationPeriods?: number;

  /**
   * When silence is expected. Alarms of one stack and window share an alarm mute rule.
   *
   * @default - the window of the standards
   */
  readonly muteWindow?: MuteWindow;

  /**
   * The alarm's name, 255 characters at most.
   *
   * @default - in production `{product}-{metric}-Missing`, with a service `{product}-{service}-{metric}-Missing`; elsewhere the
   * environment follows the product
   */
  readonly alarmName?: string;
}

/**
 * Fires when a metric stays at zero or stops coming: missing data is breaching.
 *
 * A dashboard shows zero for a metric that nobody emits; this alarm tells that silence from quiet.
 *
 * Errors: a metric whose zero is good news (errors, throttling, fallbacks); no standards above the construct; a window that
 * CloudWatch does not take; an alarm topic of another Region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export class MissingMetricAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: MissingMetricAlarmProps) {
    const { metric, serviceName } = props;
    const standard = METRIC_CATALOG.missingAlarm;
    requireZeroIsFault(scope, id, metric);
    const standards = Standards.of(scope);
    super(scope, id, standardAlarmProps(scope, id, {
      alarmName: props.alarmName,
      nameParts: [serviceName, metric.id, standard.nameSuffix],
      kind: standard.nameSuffix,
      rings: `${serviceName ?? standards.product} has stopped emitting ${metric.metricName}, or emits nothing but zero.`,
      metric: metric.metric(scope, {
        serviceName,
        statistic: standard.statistic,
        period: props.period ?? wholeMinutes(metric.freshness),
      }),
      evaluationPeriods: props.evaluationPeriods ?? periodsOfSilence(props.period ?? wholeMinutes(metric.freshness), metric.freshness),
      threshold: standard.threshold,
      // Both enums of the CDK have the values of CloudWatch, as the contract has.
      comparisonOperator: standard.comparisonOperator as ComparisonOperator,
      treatMissingData: standard.treatMissingData as TreatMissingData,
    }));
    tellOwnRegion(this);
    StackMuteRules.of(this).mute(this, props.muteWindow ?? standards.muteWindow);
  }
}

/** CloudWatch's periods, but for the shortest. */
function wholeMinutes(freshness: Duration): Duration {
  return Duration.minutes(Math.ceil(freshness.toSeconds() / 60));
}

/** So many periods that a datum has come late by the standard's factor, as far as CloudWatch looks back. */
function periodsOfSilence(period: Duration, freshness: Duration): number {
  const { evaluationPeriods } = METRIC_CATALOG.missingAlarm;
  if (period.isUnresolved()) return evaluationPeriods;
  const wanted = Math.ceil(freshness.toSeconds() * evaluationPeriods / period.toSeconds());
  return Math.max(1, Math.min(wanted, mostPeriods(period.toSeconds())));
}

function requireZeroIsFault(scope: Construct, id: string, metric: CatalogMetric): void {
  if (metric.zeroIsFault) return;
  throw teachingError(scope, {
    problem: `The MissingMetricAlarm "${id}" would fire while all is well: zero ${metric.metricName} is good news`,
    given: metric.id,
    allowed: `metrics whose silence is a fault: ${METRICS.filter(entry => entry.zeroIsFault).map(entry => entry.constant).join(', ')}`,
    fix: `put an alarm with a threshold on ${metric.id}, and the MissingMetricAlarm on one of the metrics above`,
  });
}
