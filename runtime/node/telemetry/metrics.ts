import { sendFromContainer } from './container-metrics';
import { dimensionSetsOf, type EmfDatum, emfLines, type EmfSeries } from './emf-lines';
import { errorChain } from './error-chain';
import { KnownSeries } from './known-series';
import { LOG_EVENTS, logEvent } from './log';
import { settings } from './settings';
import { EmittedMetric } from './team-metrics';
import { METRIC_CATALOG } from '../../../src/contract/data';
import { MetricEntryOf, MetricId, METRICS } from '../../../src/contract/metric-entry';

/** Known from the function's environment; a caller gives them only to differ from it. */
type KnownDimension = 'service_name' | 'environment';
type NeededDimension<I extends MetricId> = Exclude<MetricEntryOf<I>['dimensions'][number], KnownDimension>;
type FurtherDimension<I extends MetricId> = Exclude<MetricEntryOf<I>['rollups'][number][number], NeededDimension<I>> | KnownDimension;
type DimensionValue<I extends MetricId, D extends string> =
  MetricEntryOf<I> extends { dimensionValues: Record<D, readonly (infer V)[]> } ? V : string;

export type { MetricId };

/** What a datum of a metric must tell, and what it may. */
export type MetricDimensions<I extends MetricId> =
  { readonly [D in NeededDimension<I>]: DimensionValue<I, D> } & { readonly [D in FurtherDimension<I>]?: string };

/** The id of a metric of a team's own: area and name, as `Checkout.OrderCount`. */
export type TeamMetricId = `${string}.${string}`;

const ENTRIES: ReadonlyMap<string, EmittedMetric> = new Map(METRICS.map(entry =>
  [entry.id, { ...entry, allDimensions: [...new Set([...entry.dimensions, ...entry.rollups.flat()])] }]));
const KNOWN_SERIES = new KnownSeries();
const MAX_DIMENSION_LENGTH = 1024;
const MAX_VALUE = 2 ** METRIC_CATALOG.transport.maxValueExponent;

/**
 * Emits one datum of a metric of the catalogue, under its full dimension set and under every roll-up set:
 * CloudWatch adds nothing up by itself, and an alarm sees only the exact set it names.
 *
 * Never throws. A name or a value that the catalogue does not know is dropped with a warning in the log.
 */
export function emitMetric<I extends MetricId>(id: I, value: number, dimensions: MetricDimensions<I>): void;
/** Emits one datum of a metric of a team's own, which `Standards.teamMetrics` has declared. */
export function emitMetric(id: TeamMetricId, value: number, dimensions?: Readonly<Record<string, string>>): void;
export function emitMetric(id: string, value: number, dimensions?: CatalogDatum['dimensions']): void {
  emitMetrics([{ id, value, dimensions: dimensions ?? {} }]);
}

/** One value of a metric. */
export interface CatalogDatum {
  readonly id: string;
  readonly value: unknown;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** What `emitMetrics` takes, checked by the compiler as `emitMetric` is. */
export function catalogDatum<I extends MetricId>(id: I, value: number, dimensions: MetricDimensions<I>): CatalogDatum {
  return { id, value, dimensions: dimensions ?? {} };
}

/** Emits what one moment tells, as `emitMetric` does, in as few lines of the log as the dimensions allow. */
export function emitMetrics(data: readonly CatalogDatum[]): void {
  const unsent = data.flatMap(({ id, value, dimensions }) =>
    tryOrDrop(id, () => dataOf(id, value, dimensions).filter(datum => !isSent(datum))));
  if (unsent.length === 0) return;
  // Not publishStoredMetrics(): an environment variable can silence it, and these metrics are mandatory.
  tryOrDrop(data.map(({ id }) => String(id)).join(', '), () => {
    process.stdout.write(emfLines(unsent, Date.now()));
    return [];
  });
}

function tryOrDrop<T>(id: string, work: () => T[]): T[] {
  try {
    return work();
  } catch (error) {
    return drop(id, `the datum could not be written: ${errorChain(error)[0].message}`);
  }
}

/** The value under its name, and under each of its old names. */
function dataOf(id: string, value: unknown, given: Readonly<Record<string, unknown>>): EmfDatum[] {
  const { teamMetrics } = settings();
  const entry = ENTRIES.get(id) ?? teamMetrics.get(id);
  if (!entry) {
    logEvent('warn', LOG_EVENTS.unknownMetric, { metric: String(id), known: [...ENTRIES.keys(), ...teamMetrics.keys()] });
    return [];
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return drop(id, `its value is not a finite number: ${String(value)}`);
  if (Math.abs(value) > MAX_VALUE) return drop(id, `its value is beyond what CloudWatch takes: ${value}`);
  const key = KNOWN_SERIES.keyOf(id, entry.allDimensions.map(name => given[name]));
  return (KNOWN_SERIES.get(key) ?? newSeries(id, entry, given, key)).map(series => ({ series, value }));
}

function newSeries(
  id: string, entry: EmittedMetric, given: Readonly<Record<string, unknown>>, key: string | undefined,
): readonly EmfSeries[] {
  const dimensions = knownDimensions(entry, given);
  if (typeof dimensions === 'string') return drop(id, dimensions);
  const sets = [entry.dimensions, ...entry.rollups].filter(set => set.every(name => dimensions.has(name)));
  const missing = entry.dimensions.filter(name => !dimensions.has(name));
  if (sets.length === 0) return drop(id, `dimensions are missing: ${missing.join(', ')}`);
  if (missing.length > 0) logEvent('warn', LOG_EVENTS.metricIncomplete, { metric: id, missing });

  const { product, metricMigrations } = settings();
  const names = [{ namespace: `${product}/${entry.area}`, name: entry.name }, ...metricMigrations.filter(({ metric }) => metric === id)];
  const series = names.map(({ namespace, name }) => ({ namespace, name, unit: entry.unit, sets, dimensions }));
  // Of what is incomplete each datum is told anew.
  if (missing.length === 0) KNOWN_SERIES.remember(key, series);
  return series;
}

/** Whether a container sends it; what is not sent is for the log. */
function isSent({ series: { namespace, name, unit, sets, dimensions }, value }: EmfDatum): boolean {
  if (settings().metrics === 'EMF') return false;
  const second = Math.floor(Date.now() / 1000);
  return sendFromContainer({ namespace, name, unit, value, second, dimensionSets: dimensionSetsOf(sets, dimensions) });
}

/** The dimensions of this datum by name; a text says what is wrong with them. */
function knownDimensions(entry: EmittedMetric, given: Readonly<Record<string, unknown>>): Map<string, string> | string {
  const { serviceName, environment } = settings();
  const known = new Map<string, string>();
  for (const name of entry.allDimensions) {
    const value = given[name] ?? (name === 'service_name' ? serviceName : name === 'environment' ? environment : undefined);
    if (value === undefined) continue;
    const allowed = entry.dimensionValues?.[name];
    if (allowed && !allowed.includes(String(value))) return `${name} is "${String(value)}", not one of ${allowed.join(', ')}`;
    const text = dimensionText(value);
    if (text) known.set(name, text);
  }
  return known;
}

/** CloudWatch takes printable ASCII, at most 1,024 characters, no colon in front; it drops the whole datum for anything else. */
function dimensionText(value: unknown): string {
  return String(value).replace(/[^\x20-\x7e]/g, '?').replace(/^[\s:]+/, '').trimEnd().slice(0, MAX_DIMENSION_LENGTH);
}

function drop(id: string, reason: string): [] {
  logEvent('warn', LOG_EVENTS.metricDropped, { metric: String(id), reason });
  return [];
}
