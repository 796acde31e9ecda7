import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** What `percentOfRequests` reads, both with the same period. */
export interface PercentOfRequestsOptions {
  readonly counted: Metric;
  readonly requests: Metric;
  readonly label: string;
}

/** What is counted, in percent of all requests; 0 without requests, so that no traffic is no share of errors. */
export function percentOfRequests({ counted, requests, label }: PercentOfRequestsOptions): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(requests, 0) > 0, 100 * FILL(counted, 0) / requests, 0)',
    usingMetrics: { counted, requests },
    label,
    period: requests.period,
  });
}
