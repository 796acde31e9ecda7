import { METRIC_CATALOG } from './data';

type WrittenEntry = typeof METRIC_CATALOG.metrics[number];

/** The name of a metric of the catalogue. */
export type MetricId = WrittenEntry['id'];

/** What the catalogue says of one metric, to the letter. */
export type MetricEntryOf<I extends MetricId> = Extract<WrittenEntry, { readonly id: I }>;

/** What the catalogue says of any metric. */
export type MetricEntry = { readonly [Member in keyof WrittenEntry]: Widened<WrittenEntry[Member]> } & {
  /** The values a dimension may have, where they are a closed set. */
  readonly dimensionValues?: Readonly<Record<string, readonly string[]>>;
};

/** Of `'Count'` any text, of `300` any number. */
type Widened<T> =
  T extends string ? string
    : T extends number ? number
      : T extends boolean ? boolean
        : T extends readonly (infer Item)[] ? readonly Widened<Item>[] : never;

/** The metrics of the catalogue. */
export const METRICS: readonly MetricEntry[] = METRIC_CATALOG.metrics;
