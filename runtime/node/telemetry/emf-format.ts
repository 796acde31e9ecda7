import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { EmfOutput } from '@aws-lambda-powertools/metrics/types';

export type { EmfOutput };

/** Powertools warns when two dimension sets share a name, which is what roll-ups are. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What Powertools writes for one metric and some dimension sets, with the value 0. */
export function emfFormat(namespace: string, metric: { name: string; unit: string }, sets: readonly Record<string, string>[]): EmfOutput {
  const metrics = new Metrics({ namespace, logger: SILENT });
  // Powertools' own `service` dimension would be part of every set, and no alarm of the catalogue would match.
  metrics.clearDefaultDimensions();
  for (const set of sets) metrics.addDimensions(set);
  metrics.addMetric(metric.name, MetricUnit[metric.unit as keyof typeof MetricUnit], 0);
  return metrics.serializeMetrics();
}

function ignore(): void {}
