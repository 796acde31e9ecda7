import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { requireThresholds } from './alarm-thresholds';
import { asynchronousAlarms, queueAlarms } from './asynchronous-alarms';
import { EndpointAlarm, EndpointMetric, WatchedEndpoint, WatchedVariant } from './watched-endpoint';
import { ALARMS } from '../contract/data';
import { percentOfRequests } from '../observability/percent-of-requests';
import { standardAlarm } from '../observability/standard-alarm';
import { Standards } from '../standards/standards';

const { errors: ERRORS, rejections: REJECTIONS, slow: SLOW } = ALARMS.endpoint;

/**
 * The alarms of an endpoint: in real time three for each variant, asynchronous four, and one on the queue; none where none is wanted.
 *
 * Errors: a threshold that SageMaker's own limits make void, or that has no alarm to set; `alarms: true` without standards.
 */
export function createEndpointAlarms(endpoint: Construct, watched: WatchedEndpoint): Alarm[] {
  const { slowAfterMs, waitingAfterSeconds } = requireThresholds(endpoint, watched);
  const { name, variants, queue, alarms = Standards.tryOf(endpoint) !== undefined } = watched;
  if (!alarms) return [];
  const alarmsOf = queue ? asynchronousAlarms : realtimeAlarms;
  return [
    ...variants.flatMap(variant => alarmsOf(variant.metric, slowAfterMs).map(alarm => alarmOn(endpoint, name, alarm, variant))),
    ...(queue ? queueAlarms(queue, waitingAfterSeconds) : []).map(alarm => alarmOn(endpoint, name, alarm)),
  ];
}

function alarmOn(endpoint: Construct, endpointName: string, alarm: EndpointAlarm, { name }: Partial<WatchedVariant> = {}): Alarm {
  const { does, ...options } = alarm;
  const who = name === undefined ? endpointName : `${endpointName}, variant ${name},`;
  return standardAlarm(endpoint, `${name ?? ''}${alarm.kind}`, {
    ...options,
    rings: `${who} ${does}.`,
    nameParts: [endpointName, name, alarm.kind],
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

function realtimeAlarms(metric: EndpointMetric, slowAfterMs: number): EndpointAlarm[] {
  return [
    {
      kind: 'Endpoint-Errors',
      does: `fails more than ${ERRORS.thresholdPercent} % of its requests`,
      metric: shareOf(metric, 'Invocation5XXErrors', ERRORS),
      threshold: ERRORS.thresholdPercent,
      evaluationPeriods: ERRORS.evaluationPeriods,
    },
    {
      kind: 'Endpoint-Rejections',
      does: `rejects more than ${REJECTIONS.thresholdPercent} % of its requests`,
      metric: shareOf(metric, 'Invocation4XXErrors', REJECTIONS),
      threshold: REJECTIONS.thresholdPercent,
      evaluationPeriods: REJECTIONS.evaluationPeriods,
    },
    {
      kind: 'Endpoint-Slow',
      does: `needs more than ${slowAfterMs} ms for some of its answers`,
      metric: metric('ModelLatency', { statistic: SLOW.statistic, period: Duration.seconds(SLOW.periodSeconds) }),
      threshold: microseconds(slowAfterMs),
      evaluationPeriods: SLOW.evaluationPeriods,
    },
  ];
}

function shareOf(metric: EndpointMetric, metricName: string, { periodSeconds }: { readonly periodSeconds: number }): MathExpression {
  const options = { statistic: 'Sum', period: Duration.seconds(periodSeconds) };
  return percentOfRequests({
    counted: metric(metricName, options),
    requests: metric('Invocations', options),
    label: `${metricName} in percent of all requests`,
  });
}

/** The unit in which SageMaker publishes latencies. */
function microseconds(milliseconds: number): number {
  return milliseconds * 1000;
}
