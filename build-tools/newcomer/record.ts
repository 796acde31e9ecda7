import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname } from 'path';

/** How a command ended. */
export interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
}

interface Written {
  readonly commit: string;
  readonly outcomes: readonly Outcome[];
}

/** What ran on a commit, written after each command: all of them take longer than a person waits, and than some machines may run. */
export class RunRecord {
  private outcomes: readonly Outcome[];

  constructor(private readonly file: string, private readonly commit: string) {
    this.outcomes = read(file, commit);
  }

  /** The last outcome of each command on this commit. */
  public get all(): readonly Outcome[] {
    return this.outcomes;
  }

  public hasPassed(name: string): boolean {
    return this.outcomes.some(outcome => outcome.name === name && outcome.ok);
  }

  public add(outcome: Outcome): void {
    this.outcomes = [...this.outcomes.filter(({ name }) => name !== outcome.name), outcome];
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify({ commit: this.commit, outcomes: this.outcomes } satisfies Written, undefined, 1)}\n`);
  }
}

/** Nothing for another commit, and nothing where an interruption has left half a file. */
function read(file: string, commit: string): readonly Outcome[] {
  try {
    const written = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Written : undefined;
    return written?.commit === commit ? written.outcomes : [];
  } catch {
    return [];
  }
}
