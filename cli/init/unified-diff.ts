const AROUND = 3;

interface Line { readonly sign: ' ' | '-' | '+'; readonly text: string }

/** A change as `diff -u` shows it; `git apply` takes it. A file that is not there yet comes from /dev/null. */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  const lines = compared(linesOf(before ?? ''), linesOf(after));
  const head = [`--- ${before === undefined ? '/dev/null' : `a/${file}`}`, `+++ b/${file}`];
  return [...head, ...hunks(lines)].join('\n');
}

const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter(line => line !== '');

/** Only lines are added and a few replaced: what is equal is found by looking ahead. */
function compared(before: readonly string[], after: readonly string[]): Line[] {
  const result: Line[] = [];
  let [old, fresh] = [0, 0];
  while (old < before.length || fresh < after.length) {
    if (before[old] !== undefined && before[old] === after[fresh]) {
      result.push({ sign: ' ', text: before[old++] });
      fresh++;
      continue;
    }
    const again = old < before.length ? after.indexOf(before[old], fresh) : after.length;
    if (again < 0) result.push({ sign: '-', text: before[old++] });
    else while (fresh < again) result.push({ sign: '+', text: after[fresh++] });
  }
  return result;
}

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const ranges: [from: number, to: number][] = [];
  for (const index of changed) {
    const [from, to] = [Math.max(0, index - AROUND), Math.min(lines.length, index + AROUND + 1)];
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges.flatMap(([from, to]) => [header(lines, from, to), ...lines.slice(from, to).map(shown)]);
}

function header(lines: readonly Line[], from: number, to: number): string {
  const count = (sign: string, start: number, end: number): number => lines.slice(start, end).filter(line => line.sign !== sign).length;
  const place = (sign: string): string => {
    const length = count(sign, from, to);
    return `${count(sign, 0, from) + (length > 0 ? 1 : 0)},${length}`;
  };
  return `@@ -${place('+')} +${place('-')} @@`;
}

function shown({ sign, text }: Line): string {
  return text.endsWith('\n') ? `${sign}${text.slice(0, -1)}` : `${sign}${text}\n\\ No newline at end of file`;
}
