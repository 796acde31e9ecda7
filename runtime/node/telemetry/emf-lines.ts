import type * as emf from './emf-format';

/** What stays the same from value to value. */
export interface EmfSeries {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly sets: readonly (readonly string[])[];
  readonly dimensions: ReadonlyMap<string, string>;
}

/** One value under one name, for the log. */
export interface EmfDatum {
  /** The same object each time: then its lines need no second look. */
  readonly series: EmfSeries;
  readonly value: number;
}

type Directive = emf.EmfOutput['_aws']['CloudWatchMetrics'][number];

/** A line without its time and its values. */
interface Line {
  readonly directives: Directive[];
  readonly dimensions: Record<string, string>;
  /** By their index among the data; each value stands behind its name. */
  readonly values: { readonly index: number; readonly name: string }[];
}

interface Layout {
  readonly start: string;
  readonly end: string;
  readonly values: readonly { readonly index: number; readonly prefix: string }[];
}

const MAX_LAYOUTS = 200;

/** Nearly all of the work of a datum is its dimensions, and those seldom change: the lines of each combination are laid out once. */
const layouts = new Map<string, readonly Layout[]>();
const numbers = new WeakMap<EmfSeries, number>();
let lastNumber = 0;

/**
 * Data as lines of CloudWatch's embedded metric format. What agrees in its dimensions shares a line: CloudWatch charges for the
 * bytes, and a call to a model tells eight metrics of one service and one model.
 */
export function emfLines(data: readonly EmfDatum[], now: number): string {
  return layoutsOf(data).map(({ start, end, values }) =>
    `${start}${now}${end}${values.map(({ index, prefix }) => prefix + JSON.stringify(data[index].value)).join('')}}\n`).join('');
}

function layoutsOf(data: readonly EmfDatum[]): readonly Layout[] {
  const key = data.map(({ series }) => numberOf(series)).join();
  const known = layouts.get(key);
  if (known) return known;
  const made = linesOf(data).map(layoutOf);
  if (layouts.size >= MAX_LAYOUTS) layouts.clear();
  layouts.set(key, made);
  return made;
}

function numberOf(series: EmfSeries): number {
  const known = numbers.get(series);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(series, lastNumber);
  return lastNumber;
}

function layoutOf({ directives, dimensions, values }: Line): Layout {
  const written = JSON.stringify({ _aws: { CloudWatchMetrics: directives }, ...dimensions });
  const start = '{"_aws":{';
  return {
    start: `${start}"Timestamp":`,
    end: `,${written.slice(start.length, -1)}`,
    values: values.map(({ index, name }) => ({ index, prefix: `,${JSON.stringify(name)}:` })),
  };
}

function linesOf(data: readonly EmfDatum[]): Line[] {
  const lines: Line[] = [];
  data.forEach(({ series }, index) => {
    const { directive, dimensions } = formatOf(series);
    let line = lines.find(candidate => fits(candidate, series.name, dimensions));
    if (!line) lines.push(line = { directives: [], dimensions: {}, values: [] });
    addDirective(line.directives, directive);
    Object.assign(line.dimensions, dimensions);
    line.values.push({ index, name: series.name });
  });
  return lines;
}

/** A line has one member of each name. */
function fits(line: Line, name: string, dimensions: Readonly<Record<string, string>>): boolean {
  const isTaken = (other: string): boolean => line.values.some(value => value.name === other);
  return !isTaken(name) && !Object.hasOwn(line.dimensions, name)
    && Object.entries(dimensions).every(([dimension, value]) =>
      !isTaken(dimension) && (line.dimensions[dimension] ?? value) === value);
}

function addDirective(directives: Directive[], added: Directive): void {
  const same = directives.find(({ Namespace, Dimensions }) =>
    Namespace === added.Namespace && JSON.stringify(Dimensions) === JSON.stringify(added.Dimensions));
  if (same) same.Metrics.push(...added.Metrics);
  else directives.push(added);
}

/** Each set with its values. */
export function dimensionSetsOf(sets: EmfSeries['sets'], dimensions: EmfSeries['dimensions']): Record<string, string>[] {
  return sets.map(set => Object.fromEntries(set.map(name => [name, dimensions.get(name)!])));
}

/** The directive that Powertools writes for one metric, and its dimensions. */
function formatOf({ namespace, name, unit, sets, dimensions }: EmfSeries): Pick<Line, 'dimensions'> & { readonly directive: Directive } {
  const { _aws, ...members } = powertools().emfFormat(namespace, { name, unit }, dimensionSetsOf(sets, dimensions));
  const written = Object.entries(members).filter(([member]) => member !== name).map(([member, value]) => [member, String(value)]);
  return { directive: _aws.CloudWatchMetrics[0], dimensions: Object.fromEntries(written) };
}

/** Loaded with the first datum. */
function powertools(): typeof emf {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the function
  return require('./emf-format') as typeof emf;
}
