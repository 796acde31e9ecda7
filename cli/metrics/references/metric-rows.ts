import { visitExpression } from './expression';
import { MetricName, shown, Visit } from './visit';
import { isComputed } from '../text/joined-text';
import { itemsOf, member, Node, TextNode } from '../text/node';

/** The same as in the row above: one cell, or all that come before those that follow. */
const SAME = '.';
const ALL_SAME = '...';

/**
 * A row of a metrics array, written out: `["AWS/EC2", "CPUUtilization", "InstanceId", "i-1", { … }]`. Rows of metric math alone
 * stand between the others and are skipped by the shorthand.
 */
interface Row {
  readonly path: string;
  readonly cells: readonly TextNode[];
  readonly values: readonly string[];
  /** How many cells a `...` at the start stands for. */
  readonly covered: number;
}

/** Renames in the `metrics` of a widget, in which rows may lean on the one above. */
export function visitMetricRows(visit: Visit, metrics: Node | undefined, path: string): void {
  visitExpressions(visit, metrics, path);
  const rows = readRows(visit, metrics, path);
  const shorthand = shorthandOf(rows) ?? visit.shorthand ?? false;
  let above: Renamed | undefined;
  for (const row of rows) {
    const renamed = row && renamedOf(visit, row);
    if (row && renamed) writeRow(visit, row, renamed, above, shorthand);
    above = renamed;
  }
}

function visitExpressions(visit: Visit, metrics: Node | undefined, path: string): void {
  for (const [index, row] of itemsOf(metrics).entries()) {
    const options = itemsOf(row).at(-1);
    const expression = member(options, 'expression');
    if (expression?.kind === 'text') {
      visit.knows(expression);
      visitExpression(visit, expression.layer, `${path}[${index}]`);
    }
  }
}

/** The rows that name a metric; undefined for one that cannot be read, and for those that lean on it. */
export function readRows(visit: Visit, metrics: Node | undefined, path: string): (Row | undefined)[] {
  const rows: (Row | undefined)[] = [];
  for (const [index, node] of itemsOf(metrics).entries()) {
    const items = itemsOf(node);
    const nodes = items.at(-1)?.kind === 'record' ? items.slice(0, -1) : items;
    if (nodes.length === 0) continue;
    const row = tryReadRow(nodes, `${path}[${index}]`, rows.at(-1));
    for (const cell of nodes) if (cell.kind === 'text') visit.knows(cell);
    if (typeof row === 'string') visit.leave(`${path}[${index}]`, node.at, row);
    rows.push(typeof row === 'string' ? undefined : row);
  }
  return rows;
}

/** A text says why it cannot be read. */
function tryReadRow(nodes: readonly Node[], path: string, above: Row | undefined): Row | string {
  const cells = nodes.filter(cell => cell.kind === 'text');
  if (cells.length < nodes.length) return 'a cell is no text';
  const covered = cells[0].value === ALL_SAME ? (above?.values.length ?? 0) - cells.length + 1 : 0;
  if (cells[0].value === ALL_SAME && covered < 1) return '"..." has no row above that it could repeat';
  const own = covered > 0 ? cells.slice(1) : cells;
  const values = above?.values.slice(0, covered) ?? [];
  for (const { value } of own) {
    const same = above?.values[values.length];
    if (value === ALL_SAME) return '"..." stands in the middle';
    if (value === SAME && same === undefined) return '"." has nothing above that it could repeat';
    values.push(value === SAME ? same! : value);
  }
  return values.length < 2 ? 'it names no metric' : { path, cells, values, covered };
}

/**
 * Whether rows repeat in shorthand: the dimensions tell, for these stay as they are. Only without any do the names tell, and without
 * those nothing does.
 */
export function shorthandOf(rows: readonly (Row | undefined)[]): boolean | undefined {
  const repeats = rows.flatMap((row, index) => row && rows[index - 1] ? repeatsIn(row, rows[index - 1]!) : []);
  const telling = repeats.some(({ position }) => position > 1) ? repeats.filter(({ position }) => position > 1) : repeats;
  return telling.length === 0 ? undefined : telling.some(({ isShort }) => isShort);
}

function repeatsIn(row: Row, above: Row): { readonly position: number; readonly isShort: boolean }[] {
  return row.values.flatMap((value, position) =>
    value === above.values[position] ? [{ position, isShort: position < row.covered || cellAt(row, position)?.value === SAME }] : []);
}

/** The cell of a position; undefined where `...` stands for it. */
function cellAt({ cells, covered }: Row, position: number): TextNode | undefined {
  return position < covered ? undefined : cells[covered > 0 ? position - covered + 1 : position];
}

/** The namespace and the name of a row, before and after. */
interface Renamed {
  readonly old: readonly [string, string];
  readonly now: readonly [string, string];
}

function renamedOf(visit: Visit, row: Row): Renamed {
  const [namespace, name] = row.values;
  const old = [namespace, name] as const;
  if (isComputed(namespace) || isComputed(name)) {
    if (visit.renames.hasName(name) || visit.renames.hasNamespace(namespace)) {
      visit.leave(row.path, row.cells[0].at, `${shown(namespace)} ${shown(name)}: a name that only the deployment knows`);
    }
    return { old, now: old };
  }
  const to: MetricName = visit.renames.tryRenamed({ namespace, name }) ?? { namespace, name };
  return { old, now: [to.namespace, to.name] };
}

function writeRow(visit: Visit, row: Row, renamed: Renamed, above: Renamed | undefined, shorthand: boolean): void {
  const cellFor = (position: 0 | 1): string => (renamed.now[position] === above?.now[position] ? SAME : renamed.now[position]);
  const covered = ([0, 1] as const).filter(position => position < row.covered);
  if (covered.some(position => cellFor(position) !== SAME)) {
    const rest = Array<string>(Math.max(0, row.covered - 2)).fill(SAME);
    writeOut(visit, row, [...covered.map(cellFor), ...rest]);
  }
  for (const position of [0, 1] as const) {
    const cell = cellAt(row, position);
    if (!cell) continue;
    const now = renamed.now[position];
    const isSame = above !== undefined && now === above.now[position];
    const wasSame = above !== undefined && renamed.old[position] === above.old[position];
    if (cell.value === SAME) {
      if (!isSame) visit.change(cell.layer, row.path, now);
    } else {
      // A row that comes to repeat the one above says so as its neighbours do: else the way back would not give the same text.
      visit.change(cell.layer, row.path, isSame && !wasSame && shorthand ? SAME : now);
    }
  }
}

function writeOut(visit: Visit, { cells, path }: Row, values: readonly string[]): void {
  const edit = cells[0].tryReplace?.(values);
  if (edit) visit.edits.push({ ...edit, path, from: ALL_SAME, to: values.join(', ') });
  else visit.leave(path, cells[0].at, `"..." would have to be written out as ${values.map(value => `"${value}"`).join(', ')}`);
}

