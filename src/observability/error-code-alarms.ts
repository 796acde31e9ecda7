import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { percentOfRequests } from './percent-of-requests';
import { standardAlarm } from './standard-alarm';
import { errorAlarmKind } from '../contract/alarm-kind';
import { ERROR_CODES } from '../contract/data';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

/** Properties of `ErrorCodeAlarms`. */
export interface ErrorCodeAlarmsProps {
  /**
   * The service whose answers are watched.
   *
   * @default - the whole product: all services of it together
   */
  readonly serviceName?: string;

  /**
   * The error codes to watch: any of those for which the standard has a threshold.
   *
   * @default - all of them; for a service without `INTERNAL_ERROR`, whose alarm every `StandardLambda` brings
   */
  readonly errorCodes?: string[];
}

/**
 * An alarm for each error code that has a threshold in the standard: as a share of all requests (`THROTTLE` above 1 % in 5 minutes,
 * `RETRIEVAL_FAILED` above 2 %, `AUTH_FAILED` above 0.5 % for 15 minutes, `CONTENT_POLICY_VIOLATION` above 0.1 % in a minute), or any at
 * all (`INTERNAL_ERROR`). A service without traffic has no share of errors: its alarms stay quiet.
 *
 * Errors: a code without a threshold; no standards above the construct; an alarm topic of another Region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export class ErrorCodeAlarms extends Construct {
  /** The alarms by error code. */
  public readonly alarms: { [errorCode: string]: Alarm };

  constructor(scope: Construct, id: string, props: ErrorCodeAlarmsProps = {}) {
    super(scope, id);
    const { serviceName } = props;
    const codes = props.errorCodes ?? Object.keys(THRESHOLDS).filter(code => !serviceName || code !== ERROR_CODES.fallbackCode);
    requireThresholds(this, codes);
    this.alarms = Object.fromEntries(codes.map(code => [code, this.alarmOn(code, serviceName)]));
  }

  private alarmOn(code: string, serviceName: string | undefined): Alarm {
    const rule = THRESHOLDS[code];
    const period = Duration.seconds(rule.periodSeconds);
    const errors = CatalogMetric.ERROR_COUNT.metric(this, { serviceName, dimensions: { error_code: code }, period });
    const who = serviceName ?? Standards.of(this).product;
    return standardAlarm(this, code, {
      nameParts: [serviceName, CatalogMetric.ERROR_COUNT.id, code],
      kind: errorAlarmKind(code),
      rings: rule.statistic === 'rate'
        ? `${who} answers more than ${rule.thresholdPercent} % of its requests with ${code}.`
        : `${who} answered with ${code}: an error that the standard does not know yet, or a fault of the service.`,
      metric: rule.statistic === 'rate' ? this.shareOf(errors, serviceName) : errors,
      threshold: rule.statistic === 'rate' ? rule.thresholdPercent : rule.threshold,
      evaluationPeriods: rule.evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** In percent of all requests, each of which leaves one datum of its latency. */
  private shareOf(errors: Metric, serviceName: string | undefined): MathExpression {
    const requests = CatalogMetric.LATENCY_END_TO_END_MS.metric(this, { serviceName, statistic: 'SampleCount', period: errors.period });
    return percentOfRequests({ counted: errors, requests, label: `${errors.dimensions?.error_code} in percent of all requests` });
  }
}

/** What the contract says of an alarm on one code. */
type Threshold = { readonly periodSeconds: number; readonly evaluationPeriods: number } & (
  { readonly statistic: 'rate'; readonly thresholdPercent: number } | { readonly statistic: 'count'; readonly threshold: number });

const THRESHOLDS: Readonly<Record<string, Threshold>> = Object.fromEntries(
  Object.entries(ERROR_CODES.codes).flatMap(([code, rule]) => 'alarm' in rule ? [[code, rule.alarm as Threshold]] : []));

function requireThresholds(scope: Construct, codes: readonly string[]): void {
  const unknown = codes.filter(code => !Object.hasOwn(THRESHOLDS, code));
  if (codes.length > 0 && unknown.length === 0) return;
  throw teachingError(scope, {
    problem: codes.length === 0 ? 'errorCodes is empty: there would be no alarm' : 'The standard has no threshold for some error codes',
    given: codes.length === 0 ? codes : unknown,
    allowed: Object.keys(THRESHOLDS).join(', '),
    fix: 'name codes of this list, or leave errorCodes out; watch another code with CatalogMetric.ERROR_COUNT.metric(…)',
  });
}
