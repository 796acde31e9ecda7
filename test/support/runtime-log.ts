/** One value under one dimension set, as CloudWatch would store it. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [field: string]: unknown;
}

/** The JSON objects among the lines of a log. Lambda may put its own columns in front of them. */
export function logRecords(output: string | readonly string[]): Record<string, unknown>[] {
  const lines = typeof output === 'string' ? output.split('\n') : output.flatMap(line => line.split('\n'));
  return lines.flatMap(line => {
    const start = line.indexOf('{');
    try {
      const value = start < 0 ? undefined : JSON.parse(line.slice(start)) as unknown;
      return typeof value === 'object' && value !== null ? [value as Record<string, unknown>] : [];
    } catch {
      return [];
    }
  });
}

/** Every metric that the lines of a log make CloudWatch store (Embedded Metric Format), one entry for each dimension set. */
export function emittedMetrics(output: string | readonly string[]): EmittedMetric[] {
  return logRecords(output).filter(isEmbedded).flatMap(record => record._aws.CloudWatchMetrics.flatMap(
    ({ Namespace, Dimensions, Metrics }) => Metrics.flatMap(({ Name, Unit }) => Dimensions.map(set => ({
      namespace: Namespace,
      name: Name,
      unit: Unit,
      dimensions: Object.fromEntries(set.map(dimension => [dimension, String(record[dimension])])),
      values: [record[Name]].flat().map(Number),
    }))),
  ));
}

function isEmbedded(record: Record<string, unknown>): record is EmbeddedMetrics & Record<string, unknown> {
  return Array.isArray((record as unknown as Partial<EmbeddedMetrics>)._aws?.CloudWatchMetrics);
}
