import { chunksOf } from './chunks';
import { METRIC_CATALOG } from '../../../src/contract/data';

const { maxDataPerCall, maxValuesPerDatum } = METRIC_CATALOG.transport;

/** One value of a metric, under each of its dimension sets. */
export interface EmittedValue {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The second it was emitted in, since 1970. */
  readonly second: number;
  readonly dimensionSets: readonly Readonly<Record<string, string>>[];
}

/** The values of one series in one second, each with how often it came. */
export interface MetricDatum {
  readonly MetricName: string;
  readonly Unit: string;
  readonly Timestamp: number;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  readonly Values: number[];
  readonly Counts: number[];
}

/** The input of one call of PutMetricData. */
export interface MetricCall {
  readonly Namespace: string;
  readonly MetricData: readonly MetricDatum[];
}

/** Puts values together, so that as few calls as possible take them all. */
export class CollectedMetrics {
  private readonly byNamespace = new Map<string, MetricDatum[]>();
  /** The datum of each series and second that still takes values. */
  private readonly open = new Map<string, MetricDatum>();
  private data = 0;

  /** How many data the values make. */
  public get size(): number {
    return this.data;
  }

  /** Returns how many values found no room in `room` further data. */
  public add(emitted: EmittedValue, room: number): number {
    const refused = emitted.dimensionSets.filter(dimensions => !this.addTo(dimensions, emitted, this.data < room));
    return refused.length;
  }

  /** Everything that was collected. Nothing is left. */
  public take(): MetricCall[] {
    const calls = [...this.byNamespace].flatMap(([Namespace, data]) =>
      chunksOf(data, maxDataPerCall).map(MetricData => ({ Namespace, MetricData })));
    this.byNamespace.clear();
    this.open.clear();
    this.data = 0;
    return calls;
  }

  private addTo(dimensions: Readonly<Record<string, string>>, emitted: EmittedValue, mayGrow: boolean): boolean {
    const key = JSON.stringify([emitted.namespace, emitted.name, emitted.second, dimensions]);
    const datum = this.open.get(key);
    const known = datum?.Values.indexOf(emitted.value) ?? -1;
    if (datum && known >= 0) {
      datum.Counts[known]++;
    } else if (datum && datum.Values.length < maxValuesPerDatum) {
      datum.Values.push(emitted.value);
      datum.Counts.push(1);
    } else if (mayGrow) {
      this.begin(key, dimensions, emitted);
    } else {
      return false;
    }
    return true;
  }

  private begin(key: string, dimensions: Readonly<Record<string, string>>, { namespace, name, unit, value, second }: EmittedValue): void {
    const datum: MetricDatum = {
      MetricName: name,
      Unit: unit,
      Timestamp: second,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Values: [value],
      Counts: [1],
    };
    this.open.set(key, datum);
    const data = this.byNamespace.get(namespace);
    if (data) data.push(datum);
    else this.byNamespace.set(namespace, [datum]);
    this.data++;
  }
}

/** How many values a call holds. */
export function valuesIn({ MetricData }: MetricCall): number {
  return MetricData.flatMap(({ Counts }) => Counts).reduce((sum, count) => sum + count, 0);
}
