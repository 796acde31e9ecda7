import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, MetricOptions, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { EndpointAlarmOptions } from './endpoint-alarm-options';
import { ALARMS } from '../contract/data';
import { percentOfRequests } from '../observability/percent-of-requests';
import { standardAlarm, StandardAlarmProps } from '../observability/standard-alarm';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

const { errors: ERRORS, rejections: REJECTIONS, slow: SLOW } = ALARMS.endpoint;

/** The variants of an endpoint that has alarms. */
export interface WatchedEndpoint extends EndpointAlarmOptions {
  /** The name as it stands in the template, where it is known before the deployment. */
  readonly name: string;
  readonly variants: readonly WatchedVariant[];
}

/** A variant, and what SageMaker publishes of it in `AWS/SageMaker`. */
export interface WatchedVariant {
  /** Part of the names of its alarms; none, where the endpoint has no other variant. */
  readonly name?: string;
  readonly metric: (metricName: string, options: MetricOptions) => Metric;
}

/**
 * The alarms of an endpoint, three for each variant; none where none is wanted.
 *
 * Real-time endpoints only: asynchronous ones publish no `Invocations`, of which errors are a share here.
 *
 * Errors: `slowAfter` that SageMaker's own limit makes void, or that has no alarm to set; `alarms: true` without standards.
 */
export function createEndpointAlarms(endpoint: Construct, watched: WatchedEndpoint): Alarm[] {
  const slowAfterMs = requireSlowAfter(endpoint, watched);
  if (!(watched.alarms ?? Standards.tryOf(endpoint) !== undefined)) return [];
  return watched.variants.flatMap(variant => alarmsOfVariant(endpoint, watched.name, variant, slowAfterMs));
}

function alarmsOfVariant(endpoint: Construct, endpointName: string, variant: WatchedVariant, slowAfterMs: number): Alarm[] {
  const alarmOn = ({ kind, ...options }: VariantAlarm): Alarm => standardAlarm(endpoint, `${variant.name ?? ''}${kind}`, {
    ...options,
    kind,
    nameParts: [endpointName, variant.name, kind],
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  const who = variant.name === undefined ? endpointName : `${endpointName}, variant ${variant.name},`;
  return [
    alarmOn({
      kind: 'Endpoint-Errors',
      rings: `${who} fails more than ${ERRORS.thresholdPercent} % of its requests.`,
      metric: shareOf(variant, 'Invocation5XXErrors', ERRORS),
      threshold: ERRORS.thresholdPercent,
      evaluationPeriods: ERRORS.evaluationPeriods,
    }),
    alarmOn({
      kind: 'Endpoint-Rejections',
      rings: `${who} rejects more than ${REJECTIONS.thresholdPercent} % of its requests.`,
      metric: shareOf(variant, 'Invocation4XXErrors', REJECTIONS),
      threshold: REJECTIONS.thresholdPercent,
      evaluationPeriods: REJECTIONS.evaluationPeriods,
    }),
    alarmOn({
      kind: 'Endpoint-Slow',
      rings: `${who} needs more than ${slowAfterMs} ms for some of its answers.`,
      metric: variant.metric('ModelLatency', { statistic: SLOW.statistic, period: Duration.seconds(SLOW.periodSeconds) }),
      threshold: microseconds(slowAfterMs),
      evaluationPeriods: SLOW.evaluationPeriods,
    }),
  ];
}

type VariantAlarm = Pick<StandardAlarmProps, 'kind' | 'rings' | 'metric' | 'threshold' | 'evaluationPeriods'>;

function shareOf(variant: WatchedVariant, metricName: string, { periodSeconds }: { readonly periodSeconds: number }) {
  const options = { statistic: 'Sum', period: Duration.seconds(periodSeconds) };
  return percentOfRequests({
    counted: variant.metric(metricName, options),
    requests: variant.metric('Invocations', options),
    label: `${metricName} in percent of all requests`,
  });
}

/** The unit in which SageMaker publishes latencies. */
function microseconds(milliseconds: number): number {
  return milliseconds * 1000;
}

function requireSlowAfter(endpoint: Construct, { alarms, slowAfter }: EndpointAlarmOptions): number {
  if (slowAfter === undefined) return SLOW.thresholdMs;
  const allowed = `a literal from 1 ms to ${SLOW.timeoutMs - 1} ms`;
  if (alarms === false) {
    throw teachingError(endpoint, {
      problem: 'slowAfter sets an alarm that alarms: false leaves out',
      given: { alarms, slowAfter: slowAfter.toString() },
      allowed: 'slowAfter with alarms',
      fix: 'remove one of the two',
    });
  }
  const milliseconds = slowAfter.isUnresolved() ? NaN : slowAfter.toMilliseconds({ integral: false });
  if (Number.isInteger(milliseconds) && milliseconds >= 1 && milliseconds < SLOW.timeoutMs) return milliseconds;
  throw teachingError(endpoint, {
    problem: 'An alarm on slow answers could never ring, or its threshold is not known: SageMaker gives up on a model server before',
    given: slowAfter.isUnresolved() ? slowAfter : `${milliseconds} ms`,
    allowed,
    fix: 'write slowAfter out, for example slowAfter: Duration.seconds(30), or leave it out',
  });
}
