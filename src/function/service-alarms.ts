import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct, IConstruct } from 'constructs';
import { ERROR_CODES, METRIC_CATALOG } from '../contract/data';
import { CatalogMetric } from '../observability/catalog-metric';
import { MissingMetricAlarm } from '../observability/missing-metric-alarm';
import { sharedChild } from '../standards/shared-child';
import { Standards } from '../standards/standards';

const ID = 'PlumblineServiceAlarms';

/**
 * The alarms of one service in one stack, once however many functions the service has: alarm names are physical,
 * and an alarm that moved from one function to another could not be deployed.
 */
export class ServiceAlarms extends Construct {
  /** The alarms of `serviceName` in the stack that holds `scope`. */
  public static of(scope: IConstruct, serviceName: string): ServiceAlarms {
    const services = sharedChild(Stack.of(scope), ID, (stack, id) => new Construct(stack, id));
    return sharedChild(services, serviceName, all => new ServiceAlarms(all, serviceName));
  }

  private constructor(scope: Construct, private readonly serviceName: string) {
    super(scope, serviceName);
    this.alarmOnInternalErrors();
    this.alarmOnInitFailures();
  }

  /** Adds an alarm on the silence of `metric`, unless there is one. */
  public alarmOnSilence(metric: CatalogMetric): void {
    sharedChild(this, `${metric.id}Missing`, (scope, id) => new MissingMetricAlarm(scope, id, { metric, serviceName: this.serviceName }));
  }

  /** The metric of failed starts, which a filter on each function's log group feeds. */
  public initFailureMetric(): Metric {
    const { product, environment } = Standards.of(this);
    return new Metric({
      namespace: `${product}/${METRIC_CATALOG.initFailure.area}`,
      metricName: `${this.serviceName}-${environment}`,
      statistic: 'Sum',
      period: Duration.seconds(METRIC_CATALOG.initFailure.periodSeconds),
    });
  }

  private alarmOnInternalErrors(): void {
    const code = ERROR_CODES.fallbackCode;
    const { threshold, periodSeconds, evaluationPeriods } = ERROR_CODES.codes[code].alarm;
    this.thresholdAlarm('InternalErrors', {
      name: `${CatalogMetric.ERROR_COUNT.id}-${code}`,
      description: `${this.serviceName} answered with ${code}: an error that the standard does not know yet, or a fault of the service.`,
      metric: CatalogMetric.ERROR_COUNT.metric(this, {
        serviceName: this.serviceName,
        dimensions: { error_code: code },
        period: Duration.seconds(periodSeconds),
      }),
      threshold,
      evaluationPeriods,
    });
  }

  private alarmOnInitFailures(): void {
    this.thresholdAlarm('InitFailures', {
      name: METRIC_CATALOG.initFailure.alarmSuffix,
      description: `A function of ${this.serviceName} failed to start: its role lacks a permission, or its code does not load.`,
      metric: this.initFailureMetric(),
      threshold: METRIC_CATALOG.initFailure.threshold,
      evaluationPeriods: 1,
    });
  }

  private thresholdAlarm(id: string, options: ThresholdAlarmOptions): void {
    const { product, alarmTopic } = Standards.of(this);
    const alarm = new Alarm(this, id, {
      alarmName: `${product}-${this.serviceName}-${options.name}`,
      alarmDescription: options.description,
      metric: options.metric,
      threshold: options.threshold,
      evaluationPeriods: options.evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (alarmTopic) alarm.addAlarmAction(new SnsAction(alarmTopic));
  }
}

interface ThresholdAlarmOptions {
  readonly name: string;
  readonly description: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
}
