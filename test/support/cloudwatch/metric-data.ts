import type { EmittedMetric } from '../runtime-log';

/** A series: a name under one exact set of dimensions. */
export interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How an alarm reads a series. */
export interface ReadSeries extends Series {
  readonly key: string;
  readonly statistic: string;
  readonly periodSeconds: number;
}

/** What is stored: values, each of them so many times. */
type Values = Map<number, number>;

const MINUTE = 60;

/** The metrics of an account as CloudWatch keeps them: by minute, and by series, of which no two are ever mixed. */
export class MetricData {
  private readonly minutes = new Map<string, Map<number, Values>>();

  /** Stores what was emitted, as if it had come `times` times in the minute of `at`, in seconds. */
  public put(metrics: readonly EmittedMetric[], at: number, times = 1): void {
    for (const metric of metrics) {
      const minutes = inMap(this.minutes, seriesKey(metric), () => new Map<number, Values>());
      const values = inMap(minutes, Math.floor(at / MINUTE), () => new Map<number, number>());
      for (const value of metric.values) values.set(value, (values.get(value) ?? 0) + times);
    }
  }

  /** The data point of the period that ends with `end`; undefined where nothing came. */
  public tryStatistic({ key, statistic, periodSeconds }: ReadSeries, end: number): number | undefined {
    if (periodSeconds % MINUTE !== 0) throw new Error(`Periods of ${periodSeconds} s are not modelled`);
    const values: Values = new Map();
    const stored = storedWithin(this.minutes.get(key) ?? new Map(), Math.floor((end - periodSeconds) / MINUTE), periodSeconds / MINUTE);
    for (const [value, times] of stored.flatMap(minute => [...minute])) values.set(value, (values.get(value) ?? 0) + times);
    return values.size === 0 ? undefined : statisticOf(statistic, values);
  }

  /** Whether anything was ever stored under this series. */
  public has(series: Series): boolean {
    return this.minutes.has(seriesKey(series));
  }
}

/** Of a long period with few data those that there are, and not each of its minutes: an alarm of a day is looked at every minute, too. */
function storedWithin(minutes: ReadonlyMap<number, Values>, first: number, count: number): Values[] {
  if (minutes.size < count) return [...minutes].filter(([minute]) => minute >= first && minute < first + count).map(([, values]) => values);
  return Array.from({ length: count }, (_, index) => minutes.get(first + index)).filter(values => values !== undefined);
}

export function seriesKey({ namespace, name, dimensions }: Series): string {
  return `${namespace} ${name} ${JSON.stringify(Object.entries(dimensions).sort())}`;
}

function statisticOf(statistic: string, values: Values): number {
  const entries = [...values].sort(([one], [other]) => one - other);
  const count = entries.reduce((sum, [, times]) => sum + times, 0);
  const sum = entries.reduce((total, [value, times]) => total + value * times, 0);
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic);
  if (percentile) return valueAt(entries, Math.max(1, Math.ceil(count * Number(percentile[1]) / 100)));
  switch (statistic) {
    case 'Sum': return sum;
    case 'SampleCount': return count;
    case 'Average': return sum / count;
    case 'Minimum': return entries[0][0];
    case 'Maximum': return entries[entries.length - 1][0];
    default: throw new Error(`The statistic ${statistic} is not modelled`);
  }
}

/** The nearest rank. */
function valueAt(entries: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  return entries.find(([, times]) => (seen += times) >= rank)![0];
}

function inMap<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
