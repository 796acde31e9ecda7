import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { CatalogMetric } from './catalog-metric';
import { CountedWidget, graph } from './dashboard-part';
import { METRICS } from '../contract/metric-entry';

const MINUTE = Duration.minutes(1);

/**
 * Of each mandatory metric whose silence is a fault, how many minutes of the time shown went by without a datum.
 *
 * `TIME_SERIES` has a point in every minute, whatever is emitted: FILL alone has none to fill for a metric that is silent all the time.
 * That SUM takes what is missing for 0, as AWS says of arithmetic and comparisons, is our reading.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function silenceGraph(scope: IConstruct, serviceName?: string): CountedWidget {
  const mandatory = METRICS.filter(({ tier, zeroIsFault }) => tier === 'mandatory' && zeroIsFault).map(({ id }) => id as string);
  const metrics = CatalogMetric.catalog().filter(({ id }) => mandatory.includes(id));
  return graph('Minutes without a datum, in the time shown', metrics.map((metric, index) => {
    const name = `data${index}`;
    return new MathExpression({
      expression: `RUNNING_SUM(IF(SUM([TIME_SERIES(0), ${name}]) > 0, 0, 1))`,
      usingMetrics: { [name]: metric.metric(scope, { serviceName, statistic: 'SampleCount', period: MINUTE }) },
      label: metric.id,
      period: MINUTE,
    });
  }));
}
