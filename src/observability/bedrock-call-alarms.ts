import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { percentOfRequests } from './percent-of-requests';
import { standardAlarm, StandardAlarmProps } from './standard-alarm';
import { ALARMS, CLIENT_POLICY } from '../contract/data';
import { Standards } from '../standards/standards';

/** Properties of `BedrockCallAlarms`. */
export interface BedrockCallAlarmsProps {
  /**
   * The service whose calls are watched.
   *
   * @default - the whole product: all services of it together
   */
  readonly serviceName?: string;
}

/**
 * Alarms on what the client of Bedrock mends and callers do not see yet: more than 5 requests in 5 minutes went to the fallback Region;
 * more than 10 throttled attempts for each 100 requests, for 15 minutes. A service without traffic sets off neither.
 *
 * Errors: no standards above the construct; an alarm topic of another Region.
 *
 * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/alarms.md
 */
export class BedrockCallAlarms extends Construct {
  /** On requests that went to the fallback Region. */
  public readonly fallback: Alarm;
  /** On attempts that Bedrock throttled. */
  public readonly throttling: Alarm;

  constructor(scope: Construct, id: string, private readonly props: BedrockCallAlarmsProps = {}) {
    super(scope, id);
    const who = props.serviceName ?? Standards.of(this).product;
    const { alarm } = CLIENT_POLICY.fallback;
    this.fallback = this.alarmOn({
      kind: 'BedrockRegionFallbackCount',
      rings: `${who} sent more than ${alarm.threshold} requests to the fallback Region within ${alarm.periodSeconds} seconds.`,
      metric: this.countOf(CatalogMetric.BEDROCK_REGION_FALLBACK_COUNT, alarm.periodSeconds),
      threshold: alarm.threshold,
      evaluationPeriods: 1,
    });
    const { thresholdPercent, evaluationPeriods } = ALARMS.throttling;
    this.throttling = this.alarmOn({
      kind: 'BedrockThrottlingCount',
      rings: `Bedrock throttles more than ${thresholdPercent} attempts for each 100 requests of ${who}.`,
      metric: this.throttledShare(),
      threshold: thresholdPercent,
      evaluationPeriods,
    });
  }

  private alarmOn(options: Pick<StandardAlarmProps, 'kind' | 'rings' | 'metric' | 'threshold' | 'evaluationPeriods'>): Alarm {
    return standardAlarm(this, options.kind, {
      ...options,
      nameParts: [this.props.serviceName, options.kind],
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private countOf(metric: CatalogMetric, periodSeconds: number): Metric {
    return metric.metric(this, { serviceName: this.props.serviceName, period: Duration.seconds(periodSeconds) });
  }

  private throttledShare(): MathExpression {
    const { periodSeconds } = ALARMS.throttling;
    return percentOfRequests({
      counted: this.countOf(CatalogMetric.BEDROCK_THROTTLING_COUNT, periodSeconds),
      requests: this.countOf(CatalogMetric.BEDROCK_INVOCATION_COUNT, periodSeconds),
      label: 'Throttled attempts for each 100 requests',
    });
  }
}
