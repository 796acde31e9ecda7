const CONTEXT = 3;
const NO_LINE_END = '\\ No newline at end of file';

/**
 * A unified diff of two texts with the same number of lines, as `patch` reads it: a change of names adds and removes none.
 *
 * @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function textDiff(before: string, after: string, file: string): string {
  const old = linesOf(before);
  const now = linesOf(after);
  const hunks: [number, number][] = [];
  for (const [index, line] of old.entries()) {
    if (line === now[index]) continue;
    const last = hunks.at(-1);
    if (last && index - last[1] <= 2 * CONTEXT) last[1] = index;
    else hunks.push([index, index]);
  }
  return hunks.length === 0 ? '' : [`--- a/${file}`, `+++ b/${file}`, ...hunks.flatMap(hunk => hunkOf(old, now, hunk))].join('\n');
}

/** The lines; the last one says so when it has no end. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return last === '' ? lines : [...lines, `${last}\n${NO_LINE_END}`];
}

function hunkOf(old: readonly string[], now: readonly string[], [first, last]: readonly [number, number]): string[] {
  const from = Math.max(0, first - CONTEXT);
  const to = Math.min(old.length, last + CONTEXT + 1);
  const range = `${from + 1},${to - from}`;
  const lines = [`@@ -${range} +${range} @@`];
  let index = from;
  while (index < to) {
    const start = index;
    while (index < to && old[index] !== now[index]) index++;
    lines.push(...old.slice(start, index).map(line => `-${line}`), ...now.slice(start, index).map(line => `+${line}`));
    if (index < to) lines.push(` ${old[index++]}`);
  }
  return lines;
}
