import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { WatchedMetric } from './gate-settings';
import { CALL_OPTIONS } from '../sdk/call-options';

const cloudWatch = new CloudWatchClient(CALL_OPTIONS);

/**
 * The ids of the metrics of which at least one datum came since then, zero too.
 *
 * A page may hold a part of the results, and of a result a part of its data.
 */
export async function seenSince(startMs: number, metrics: readonly WatchedMetric[], periodSeconds: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await cloudWatch.send(new GetMetricDataCommand({
      MetricDataQueries: metrics.map((metric, ordinal) => queryOf(metric, ordinal, periodSeconds)),
      StartTime: new Date(startMs),
      EndTime: new Date(Date.now() + periodSeconds * 1_000),
      NextToken: token,
    }));
    for (const result of page.MetricDataResults ?? []) {
      if (hasData(result)) seen.add(metrics[ordinalOf(result)].id);
    }
    token = page.NextToken;
  } while (token !== undefined);
  return seen;
}

/** By the number of samples: a sum of zero is a datum as good as any. */
function queryOf({ namespace, name, dimensions }: WatchedMetric, ordinal: number, periodSeconds: number) {
  return {
    Id: `m${ordinal}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: 'SampleCount',
    },
  };
}

const hasData = ({ Values: values = [] }: MetricDataResult): boolean => values.some(samples => samples > 0);

const ordinalOf = ({ Id: id = '' }: MetricDataResult): number => Number(id.slice(1));
