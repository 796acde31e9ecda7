import { sendFromContainer } from './container-metrics';
import type * as emf from './emf-format';
import { errorChain } from './error-chain';
import { LOG_EVENTS, logEvent } from './log';
import { settings } from './settings';
import { METRIC_CATALOG } from '../../../src/contract/data';
import { MetricEntry, MetricEntryOf, MetricId, METRICS } from '../../../src/contract/metric-entry';

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

interface Entry extends MetricEntry {
  readonly allDimensions: readonly string[];
}

const ENTRIES: ReadonlyMap<string, Entry> = new Map(METRICS.map(entry =>
  [entry.id, { ...entry, allDimensions: [...new Set([...entry.dimensions, ...entry.rollups.flat()])] }]));
const MAX_DIMENSION_LENGTH = 1024;
const MAX_VALUE = 2 ** METRIC_CATALOG.transport.maxValueExponent;

/**
 * Emits one datum of a metric of the catalogue, under its full dimension set and under every roll-up set:
 * CloudWatch adds nothing up by itself, and an alarm sees only the exact set it names.
 *
 * Never throws. A name or a value that the catalogue does not know is dropped with a warning in the log.
 */
export function emitMetric<I extends MetricId>(id: I, value: number, dimensions: MetricDimensions<I>): void {
  try {
    emit(id, value, dimensions ?? {});
  } catch (error) {
    drop(id, `the datum could not be written: ${errorChain(error)[0].message}`);
  }
}

function emit(id: string, value: unknown, given: Readonly<Record<string, unknown>>): void {
  const entry = ENTRIES.get(id);
  if (!entry) return logEvent('warn', LOG_EVENTS.unknownMetric, { metric: String(id), known: [...ENTRIES.keys()] });
  if (typeof value !== 'number' || !Number.isFinite(value)) return drop(id, `its value is not a finite number: ${String(value)}`);
  if (Math.abs(value) > MAX_VALUE) return drop(id, `its value is beyond what CloudWatch takes: ${value}`);

  const dimensions = knownDimensions(entry, given);
  if (typeof dimensions === 'string') return drop(id, dimensions);
  const sets = [entry.dimensions, ...entry.rollups].filter(set => set.every(name => dimensions.has(name)));
  const missing = entry.dimensions.filter(name => !dimensions.has(name));
  if (sets.length === 0) return drop(id, `dimensions are missing: ${missing.join(', ')}`);
  if (missing.length > 0) logEvent('warn', LOG_EVENTS.metricIncomplete, { metric: id, missing });

  const { product, metrics, metricMigrations } = settings();
  const names = [{ namespace: `${product}/${entry.area}`, name: entry.name }, ...metricMigrations.filter(({ metric }) => metric === id)];
  for (const { namespace, name } of names) {
    const datum = { entry, namespace, name, value, sets, dimensions };
    if (metrics === 'EMF' || !send(datum)) write(datum);
  }
}

/** One value under one name. */
interface Datum {
  readonly entry: Entry;
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
  readonly sets: readonly (readonly string[])[];
  readonly dimensions: ReadonlyMap<string, string>;
}

function send({ entry, namespace, name, value, sets, dimensions }: Datum): boolean {
  return sendFromContainer({
    namespace, name, unit: entry.unit, value, second: Math.floor(Date.now() / 1000), dimensionSets: dimensionSetsOf(sets, dimensions),
  });
}

function dimensionSetsOf(sets: Datum['sets'], dimensions: Datum['dimensions']): Record<string, string>[] {
  return sets.map(set => Object.fromEntries(set.map(name => [name, dimensions.get(name)!])));
}

/** The dimensions of this datum by name; a text says what is wrong with them. */
function knownDimensions(entry: Entry, given: Readonly<Record<string, unknown>>): Map<string, string> | string {
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

const MAX_FORMATS = 200;

/** What Powertools writes for one metric and one combination of dimensions; only time and value change from datum to datum. */
const formats = new Map<string, emf.EmfOutput>();

function write(datum: Datum): void {
  const format = formatOf(datum);
  const blob = { ...format, _aws: { ...format._aws, Timestamp: Date.now() }, [datum.name]: datum.value };
  // Not publishStoredMetrics(): an environment variable can silence it, and these metrics are mandatory.
  process.stdout.write(`${JSON.stringify(blob)}\n`);
}

/** Made once for each combination of dimensions: nearly all of the work of a datum is telling Powertools about them. */
function formatOf({ entry, namespace, name: metricName, sets, dimensions }: Datum): emf.EmfOutput {
  const key = JSON.stringify([namespace, metricName, entry.id, ...entry.allDimensions.map(name => dimensions.get(name))]);
  const known = formats.get(key);
  if (known) return known;
  const format = powertools().emfFormat(namespace, { name: metricName, unit: entry.unit }, dimensionSetsOf(sets, dimensions));
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(key, format);
  return format;
}

function drop(id: string, reason: string): void {
  logEvent('warn', LOG_EVENTS.metricDropped, { metric: String(id), reason });
}

/** Loaded with the first datum. */
function powertools(): typeof emf {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function
  return require('./emf-format') as typeof emf;
}
