import { chunksOf } from './chunks';
import type { MetricCall, MetricDatum } from './metric-calls';

/** CloudWatch's limit of values for one metric in one line. */
const MAX_VALUES = 100;

/** What a call of PutMetricData would have said, as lines of CloudWatch's embedded metric format. */
export function embeddedLines({ Namespace, MetricData }: MetricCall): string {
  return MetricData.flatMap(datum => chunksOf(valuesOf(datum), MAX_VALUES).map(values => lineOf(Namespace, datum, values))).join('');
}

function lineOf(Namespace: string, { MetricName, Unit, Timestamp, Dimensions }: MetricDatum, values: readonly number[]): string {
  const directive = { Namespace, Dimensions: [Dimensions.map(({ Name }) => Name)], Metrics: [{ Name: MetricName, Unit }] };
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const line = { _aws: { Timestamp: Timestamp * 1000, CloudWatchMetrics: [directive] }, ...dimensions, [MetricName]: values };
  return `${JSON.stringify(line)}\n`;
}

function valuesOf({ Values, Counts }: MetricDatum): number[] {
  return Values.flatMap((value, index) => Array<number>(Counts[index]).fill(value));
}
