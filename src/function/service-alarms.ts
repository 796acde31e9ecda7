import { Duration, Lazy, Stack, Stage } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { AlarmKind, errorAlarmKind } from '../contract/alarm-kind';
import { ERROR_CODES, FUNCTION_SETTINGS, METRIC_CATALOG } from '../contract/data';
import { CatalogMetric } from '../observability/catalog-metric';
import { MissingMetricAlarm } from '../observability/missing-metric-alarm';
import { standardAlarm } from '../observability/standard-alarm';
import { placeOf } from '../standards/deployed-place';
import { sharedMark } from '../standards/marks';
import { sharedChild } from '../standards/shared-child';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

const ID = 'PlumblineServiceAlarms';

/**
 * The alarms of one service, once in an account and Region of a stage however many functions and stacks the service has: alarm
 * names are physical, and an alarm that moved from one function to another could not be deployed.
 *
 * They stand in the stack that names the service first. Two stages that share an account, a Region and an environment are
 * refused at synth, where both are named.
 */
export class ServiceAlarms extends Construct {
  /** The alarms of `serviceName` where `scope` is deployed to. */
  public static of(scope: IConstruct, serviceName: string): ServiceAlarms {
    const stack = Stack.of(scope);
    const { product, environment } = Standards.of(stack);
    const { account, region } = placeOf(stack);
    const ofStage = alarmsOfStage(stack);
    const key = JSON.stringify([account, region, product, environment, serviceName]);
    const alarms = ofStage.get(key) ?? ServiceAlarms.in(stack, serviceName);
    ofStage.set(key, alarms);
    return alarms;
  }

  private static in(stack: Stack, serviceName: string): ServiceAlarms {
    const services = sharedChild(stack, ID, (scope, id) => new Construct(scope, id));
    return sharedChild(services, serviceName, scope => new ServiceAlarms(scope, serviceName));
  }

  private readonly timeoutsInMilliseconds: number[] = [];

  private constructor(scope: Construct, private readonly serviceName: string) {
    super(scope, serviceName);
    this.alarmOnInternalErrors();
    this.alarmOnInitFailures();
  }

  /** Adds an alarm on the silence of `metric`, unless there is one. */
  public alarmOnSilence(metric: CatalogMetric): void {
    sharedChild(this, `${metric.id}Missing`, (scope, id) => new MissingMetricAlarm(scope, id, { metric, serviceName: this.serviceName }));
  }

  /** Adds an alarm on answers that come close to the longest time-out of the functions given, unless there is one. */
  public alarmOnSlowAnswers(fn: Function): void {
    this.timeoutsInMilliseconds.push(knownTimeout(fn).toMilliseconds());
    const metric = CatalogMetric.LATENCY_END_TO_END_MS;
    const { nameSuffix, percentOfTimeout, evaluationPeriods } = METRIC_CATALOG.slowAlarm;
    const id = `${metric.id}${nameSuffix}`;
    if (this.node.tryFindChild(id)) return;
    this.thresholdAlarm(id, {
      kind: nameSuffix,
      name: `${metric.id}-${nameSuffix}`,
      rings: `${this.serviceName} needs more than ${percentOfTimeout} % of its time-out for some of its answers.`,
      metric: metric.metric(this, { serviceName: this.serviceName }),
      threshold: Lazy.number({ produce: () => Math.max(...this.timeoutsInMilliseconds) * percentOfTimeout / 100 }),
      evaluationPeriods,
    });
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
      kind: errorAlarmKind(code),
      name: `${CatalogMetric.ERROR_COUNT.id}-${code}`,
      rings: `${this.serviceName} answered with ${code}: an error that the standard does not know yet, or a fault of the service.`,
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
      kind: METRIC_CATALOG.initFailure.alarmSuffix,
      name: METRIC_CATALOG.initFailure.alarmSuffix,
      rings: `A function of ${this.serviceName} failed to start: its role lacks a permission, or its code does not load.`,
      metric: this.initFailureMetric(),
      threshold: METRIC_CATALOG.initFailure.threshold,
      evaluationPeriods: 1,
    });
  }

  private thresholdAlarm(id: string, options: ThresholdAlarmOptions): void {
    standardAlarm(this, id, {
      nameParts: [this.serviceName, options.name],
      kind: options.kind,
      rings: options.rings,
      metric: options.metric,
      threshold: options.threshold,
      evaluationPeriods: options.evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function knownTimeout(fn: Function): Duration {
  const timeout = fn.timeout ?? Duration.seconds(FUNCTION_SETTINGS.ofLambda.timeoutSeconds);
  if (!timeout.isUnresolved()) return timeout;
  throw teachingError(fn, {
    problem: 'The time-out of a function with sporadic traffic must be known at synth: the alarm on its slow answers is a part of it',
    given: timeout,
    allowed: 'a literal timeout',
    fix: 'write the timeout out, for example timeout: Duration.seconds(30)',
  });
}

function alarmsOfStage(stack: Stack): Map<string, ServiceAlarms> {
  const stage = Stage.of(stack) ?? stack.node.root;
  return sharedMark(stage, ID, () => new Map<string, ServiceAlarms>());
}

interface ThresholdAlarmOptions {
  readonly kind: AlarmKind;
  readonly name: string;
  readonly rings: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
}
