import { execFileSync } from 'child_process';
import { readdirSync } from 'fs';
import { Step } from './step';

/** Where a run of tests could leave something behind. */
export interface Places {
  /** The machine's temporary folder, not the one of the run. */
  readonly temporary: string;
  /** The root of a git working tree. */
  readonly tree: string;
}

/** Fails when a run has left anything where it was not when this function was called. */
export function leftovers(places: Places, after: readonly string[]): Step {
  const before = new Set(filesIn(places));
  return {
    name: 'leftovers',
    description: 'nothing is left in the temporary folder or untracked in the working tree',
    after,
    alone: true,
    async run() {
      const left = filesIn(places).filter(file => !before.has(file));
      if (left.length === 0) return;
      throw new Error(`the run has left behind:\n${left.join('\n')}\n`
        + `Where other programs use ${places.temporary} at the same time, set TMPDIR to a folder of its own and run again.`);
    },
  };
}

function filesIn({ temporary, tree }: Places): string[] {
  const untracked = execFileSync('git', ['ls-files', '--others', '--exclude-standard'], { cwd: tree, encoding: 'utf8' });
  return [...readdirSync(temporary).map(name => `${temporary}/${name}`), ...untracked.split('\n').filter(Boolean)];
}
