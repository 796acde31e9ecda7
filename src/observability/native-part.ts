import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { CountedWidget, DashboardPart, graph } from './dashboard-part';
import { found } from './dashboard-searches';
import { METRIC_CATALOG } from '../contract/data';

/** What Amazon Bedrock counts itself, by search: which models an account calls is known at run time only. */
export function nativePart(region?: string): DashboardPart {
  const lines = (names: readonly string[], statistic: string): IMetric[] => names.map(name => found({
    namespace: 'AWS/Bedrock', dimensions: ['ModelId'], names: [name], statistic, periodSeconds: METRIC_CATALOG.missingAlarm.periodSeconds,
  }));
  const byModel = (title: string, names: readonly string[], statistic = 'Sum'): CountedWidget =>
    graph(title, lines(names, statistic), { region });
  return {
    heading: `Amazon Bedrock, as AWS counts it in ${region ?? 'this Region'}`,
    widgets: [
      byModel('Requests by model', ['Invocations']),
      byModel('Latency by model, p99 in milliseconds', ['InvocationLatency'], 'p99'),
      byModel('Throttled, refused and failed by model', ['InvocationThrottles', 'InvocationClientErrors', 'InvocationServerErrors']),
      byModel('Tokens by model', ['InputTokenCount', 'OutputTokenCount']),
    ],
  };
}
