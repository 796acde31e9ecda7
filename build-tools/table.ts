export type Cell = string | number;

/** A table in Markdown, its columns padded so that it also reads well in a terminal; numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map(row => String(row[column]).length)));
  const numeric = head.map((_title, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number'));
  const pad = (cell: Cell, column: number) =>
    (numeric[column] ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]));
  const line = (cells: readonly Cell[]) => `| ${cells.map(pad).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${numeric[column] ? ':' : '-'}`).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
