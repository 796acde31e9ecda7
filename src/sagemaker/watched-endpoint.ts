import { MathExpression, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { EndpointAlarmOptions } from './endpoint-alarm-options';
import { StandardAlarmProps } from '../observability/standard-alarm';

/** An endpoint that has alarms. */
export interface WatchedEndpoint extends EndpointAlarmOptions {
  /** The name as it stands in the template, where it is known before the deployment. */
  readonly name: string;
  readonly variants: readonly WatchedVariant[];
  /** What SageMaker publishes of the queue of an asynchronous endpoint; undefined in real time. */
  readonly queue?: EndpointMetric;
}

/** A variant, and what SageMaker publishes of it in `AWS/SageMaker`. */
export interface WatchedVariant {
  /** Part of the names of its alarms; none, where the endpoint has no other variant. */
  readonly name?: string;
  readonly metric: EndpointMetric;
}

export type EndpointMetric = (metricName: string, options: MetricOptions) => Metric;

/** What one alarm of an endpoint is about. */
export interface EndpointAlarm extends Pick<StandardAlarmProps, 'kind' | 'threshold' | 'evaluationPeriods'> {
  /** What goes wrong, behind the name of the endpoint or the variant. */
  readonly does: string;
  readonly metric: Metric | MathExpression;
}
