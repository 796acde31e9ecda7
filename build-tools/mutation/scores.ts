import { dirname } from 'path';
import { table } from '../table';
import { Tried } from './journal';

/** Jest's own limit: Stryker counts such a mutant as killed. */
const JESTS_LIMIT = /Exceeded timeout of/;
const HEAD = ['room', 'mutants', 'killed', 'timed out', 'survived', 'not covered', 'score'];
const UNNOTICED = ['Survived', 'NoCoverage'];

class Counts {
  private killed = 0;
  private timedOut = 0;
  private survived = 0;
  private notCovered = 0;
  /** Not in the score. */
  public left = 0;

  public add({ status, reason }: Tried): void {
    if (status === 'Timeout' || (status === 'Killed' && JESTS_LIMIT.test(reason ?? ''))) this.timedOut++;
    else if (status === 'Killed') this.killed++;
    else if (status === 'Survived') this.survived++;
    else if (status === 'NoCoverage') this.notCovered++;
    else this.left++;
  }

  public get mutants(): number {
    return this.killed + this.timedOut + this.survived + this.notCovered;
  }

  public get score(): number {
    return this.mutants === 0 ? 0 : (this.killed + this.timedOut) / this.mutants * 100;
  }

  /** Wilson's interval: where the score of all mutants lies, by a sample of them, in 95 of 100 cases. */
  public get interval(): string {
    const [n, p, z] = [this.mutants, this.score / 100, 1.96];
    const middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return [middle - half, middle + half].map(one => (one * 100).toFixed(1)).join(' and ');
  }

  public get row(): (string | number)[] {
    return [this.mutants, this.killed, this.timedOut, this.survived, this.notCovered, this.score.toFixed(1)];
  }
}

/** The score of each folder and of all; of a sample also between what that of all mutants lies. */
export function scoresOf(all: readonly Tried[], isSample: boolean): { readonly score: number; readonly text: string } {
  const total = new Counts();
  const rooms = new Map<string, Counts>();
  for (const tried of all) {
    const room = dirname(tried.file);
    if (!rooms.has(room)) rooms.set(room, new Counts());
    for (const counts of [rooms.get(room)!, total]) counts.add(tried);
  }
  const rows = [...rooms].sort(([one], [other]) => one < other ? -1 : 1).map(([room, counts]) => [room, ...counts.row]);
  const sample = isSample ? `; of a sample: that of all is between ${total.interval} %, in 95 of 100 cases` : '';
  const text = [
    table(HEAD, [...rows, ['all', ...total.row]]),
    `mutation score ${total.score.toFixed(1)} %${sample}`,
    `not in it: ${total.left} mutants that are read while a file loads, or that could not run`,
  ].join('\n');
  return { score: total.score, text };
}

/** The mutants that no test has noticed, a line each. */
export function survivorsOf(all: readonly Tried[]): string {
  return all.filter(({ status }) => UNNOTICED.includes(status))
    .sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line)
    .map(({ file, line, mutator, replacement, status }) =>
      `${file}:${line} ${mutator}${status === 'NoCoverage' ? ' (not covered)' : ''}: ${replacement.replace(/\s+/g, ' ').slice(0, 100)}`)
    .join('\n');
}
