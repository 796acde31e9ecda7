import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { EndpointAlarm, EndpointMetric } from './watched-endpoint';
import { ALARMS } from '../contract/data';

const { failures: FAILURES, unnotified: UNNOTIFIED, expired: EXPIRED, slow: SLOW, waiting: WAITING } = ALARMS.endpoint.asynchronous;

/**
 * What a variant of an asynchronous endpoint is watched for: it publishes no `Invocations`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export function asynchronousAlarms(metric: EndpointMetric, slowAfterMs: number): EndpointAlarm[] {
  return [
    {
      kind: 'Endpoint-AsyncFailures',
      does: `fails more than ${FAILURES.thresholdPercent} % of its requests, for whatever reason`,
      metric: shareOfFailures(metric),
      threshold: FAILURES.thresholdPercent,
      evaluationPeriods: FAILURES.evaluationPeriods,
    },
    {
      kind: 'Endpoint-AsyncExpired',
      does: 'drops requests that waited for too long',
      metric: metric('ExpiredRequests', sumOver(EXPIRED)),
      threshold: 0,
      evaluationPeriods: EXPIRED.evaluationPeriods,
    },
    {
      kind: 'Endpoint-AsyncUnnotified',
      does: 'cannot tell callers that their answers are there',
      metric: metric('NotificationFailures', sumOver(UNNOTIFIED)),
      threshold: 0,
      evaluationPeriods: UNNOTIFIED.evaluationPeriods,
    },
    {
      kind: 'Endpoint-AsyncSlow',
      does: `needs more than ${slowAfterMs} ms for some of its answers`,
      metric: metric('ModelLatency', { statistic: SLOW.statistic, period: Duration.seconds(SLOW.periodSeconds) }),
      threshold: slowAfterMs * 1000, // SageMaker publishes latencies in microseconds.
      evaluationPeriods: SLOW.evaluationPeriods,
    },
  ];
}

/** What the queue in front of all variants is watched for. */
export function queueAlarms(metric: EndpointMetric, waitingAfterSeconds: number): EndpointAlarm[] {
  return [{
    kind: 'Endpoint-AsyncWaiting',
    does: `has a request that waits for more than ${waitingAfterSeconds} s`,
    metric: metric('ApproximateAgeOfOldestRequest', { statistic: WAITING.statistic, period: Duration.seconds(WAITING.periodSeconds) }),
    threshold: waitingAfterSeconds,
    evaluationPeriods: WAITING.evaluationPeriods,
  }];
}

/**
 * AWS does not say whether a failed request has a processing time. So the failures are added in any case: requests that all fail are
 * never a share of nothing. Those that are counted twice make 1.01 failures in a hundred look like one.
 */
function shareOfFailures(metric: EndpointMetric): MathExpression {
  const period = Duration.seconds(FAILURES.periodSeconds);
  return new MathExpression({
    expression: 'IF(FILL(failed, 0) > 0, 100 * failed / (failed + FILL(finished, 0)), 0)',
    usingMetrics: {
      failed: metric('InvocationFailures', { statistic: Stats.SUM, period }),
      finished: metric('TotalProcessingTime', { statistic: Stats.SAMPLE_COUNT, period }),
    },
    label: 'InvocationFailures in percent of all requests',
    period,
  });
}

function sumOver({ periodSeconds }: { readonly periodSeconds: number }): { statistic: string; period: Duration } {
  return { statistic: Stats.SUM, period: Duration.seconds(periodSeconds) };
}
