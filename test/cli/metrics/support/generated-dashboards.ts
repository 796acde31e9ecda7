import fc from 'fast-check';

interface Metric {
  readonly namespace: string;
  readonly name: string;
}

export type Rename = { readonly from: Metric; readonly to: Metric };
type Row = readonly (string | object)[];

export interface Dashboard {
  readonly widgets: readonly { readonly properties: { readonly metrics: readonly Row[] } & Record<string, unknown> }[];
}

const rename = (from: string, to: string): Rename => ({ from: metric(from), to: metric(to) });
const metric = (text: string): Metric => ({ namespace: text.split(' ')[0], name: text.split(' ')[1] });

export const NAMES = { map: [rename('A x', 'N/P x')] };

/** New names hold no old one, so that each map can be used twice and backwards. */
export const MAPS: readonly (readonly Rename[])[] = [
  NAMES.map,
  [rename('A x', 'P x'), rename('A y', 'Q y'), rename('B x', 'P z')],
  [rename('A x', 'A w'), rename('B y', 'P y')],
  [rename('A x', 'P "q\\'), rename('B x', 'P\\/ v')],
  [],
];

export function inverse(map: readonly Rename[]): Rename[] {
  return map.map(({ from, to }) => ({ from: to, to: from }));
}

const DIMENSIONS: readonly (readonly string[])[] = [[], ['D', '1'], ['D', '2'], ['E', '1'], ['D', '1', 'E', '1'], ['D', '1', 'E', '2']];
const OPTIONS: readonly (readonly object[])[] = [[], [{ id: 'm1' }], [{ label: 'none', stat: 'p99', accountId: '111122223333' }]];

/** Rows in full, of metrics of which only some are renamed. */
const fullRow = fc
  .tuple(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('x', 'y'), fc.constantFrom(...DIMENSIONS), fc.constantFrom(...OPTIONS))
  .map(([namespace, name, dimensions, options]): Row => [namespace, name, ...dimensions, ...options]);
const mathRow: fc.Arbitrary<Row> = fc.constantFrom([{ expression: 'm1 + m2' }], [{ expression: 'FILL(METRICS(), 0)', id: 'e1' }]);

type Style = 'shorthand' | 'written out' | 'any';

/** Dashboards whose rows repeat as the console writes them, as the CDK does, or now so and now so. */
export function generatedDashboards(style: Style): fc.Arbitrary<Dashboard> {
  const rows = fc.array(fc.oneof({ weight: 5, arbitrary: fullRow }, { weight: 1, arbitrary: mathRow }), { maxLength: 6 });
  // Dimensions that repeat tell how this dashboard is written.
  const told: Row[] = [['C', 'x', 'D', '1'], ['C', 'x', 'D', '2']];
  return fc.tuple(fc.array(rows, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.boolean())).map(([widgets, coins]) => {
    const isShort = (): boolean => (style === 'any' ? coins.next().value : style === 'shorthand');
    const all = style === 'any' ? widgets : [told, ...widgets];
    return { widgets: all.map(metrics => ({ properties: { metrics: shortened(metrics, isShort), period: 60, title: 'T' } })) };
  });
}

function shortened(rows: readonly Row[], isShort: () => boolean): Row[] {
  let above: Row = [];
  return rows.map(row => {
    const cells = textsOf(row);
    if (cells.length === 0) return row;
    const short = cells.map((cell, index) => (cell === above[index] && isShort() ? '.' : cell));
    above = cells;
    const leading = short.findIndex(cell => cell !== '.');
    const covered = leading < 0 ? short.length : leading;
    // All that comes first and is the same, where the rest has the length that makes it so.
    const fits = covered > 2 && (isShort() || leading < 0);
    const texts = fits && sameLength(rows, row) ? ['...', ...short.slice(covered)] : short;
    return [...texts, ...row.slice(cells.length)];
  });
}

/** `...` counts from the end: the row above has to be as long. */
function sameLength(rows: readonly Row[], row: Row): boolean {
  const before = rows.slice(0, rows.indexOf(row)).filter(each => textsOf(each).length > 0).at(-1);
  return before !== undefined && textsOf(before).length === textsOf(row).length;
}

function textsOf(row: Row): string[] {
  return row.filter(cell => typeof cell === 'string');
}

/** What a dashboard means under a map: every row in full. Written apart from the product, as simply as can be. */
export function applied(dashboard: Dashboard, map: readonly Rename[]): unknown {
  return {
    widgets: dashboard.widgets.map(({ properties }) => {
      let above: string[] = [];
      const metrics = properties.metrics.map(row => {
        const cells = textsOf(row);
        if (cells.length === 0) return row;
        const full = cells[0] === '...' ? [...above.slice(0, above.length - cells.length + 1), ...cells.slice(1)] : cells;
        above = full.map((cell, index) => (cell === '.' ? above[index] : cell));
        const found = map.find(({ from }) => from.namespace === above[0] && from.name === above[1])?.to;
        return [found?.namespace ?? above[0], found?.name ?? above[1], ...above.slice(2), ...row.slice(cells.length)];
      });
      return { properties: { ...properties, metrics } };
    }),
  };
}
