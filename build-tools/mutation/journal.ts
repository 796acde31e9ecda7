import { existsSync, readFileSync, writeFileSync } from 'fs';

/** What became of a mutant: a line of a journal, which the reporter in `plugins.mjs` writes. */
export interface Tried {
  /** A hash of what the mutant is: the same in every run. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly replacement: string;
  readonly status: string;
  readonly reason?: string;
}

const RUN = ['Killed', 'Survived', 'Timeout'];

/**
 * A fair sample of all mutants: of those that `plugins.mjs` chooses, and in its order up to the last one that has been run. Those that need
 * no run are known from the beginning, and others from earlier runs.
 */
export function sampleOf(all: readonly Tried[], oneIn: number, isWhole: boolean): readonly Tried[] {
  const last = isWhole ? undefined : [...all].reverse().find(({ status }) => RUN.includes(status))?.name;
  return all.filter(({ name }) => Number.parseInt(name.slice(0, 8), 16) % oneIn === 0 && (last === undefined || name <= last));
}

/**
 * The results of a part, each written as soon as it was there, so that a run that was stopped goes on where it was.
 * The first line says what they hold for: those of other files or tests are thrown away.
 */
export class Journal {
  public constructor(public readonly file: string, private readonly digest: string) {}

  public open(): void {
    const lines = existsSync(this.file) ? this.lines() : [];
    // The last line is empty, or was being written when its run was stopped.
    const whole = lines[0] === this.digest ? lines.slice(0, -1) : [this.digest];
    writeFileSync(this.file, whole.map(line => `${line}\n`).join(''));
  }

  public read(): Tried[] {
    return this.lines().slice(1, -1).map(line => JSON.parse(line));
  }

  private lines(): string[] {
    return readFileSync(this.file, 'utf8').split('\n');
  }
}
