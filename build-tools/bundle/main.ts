import { rmSync } from 'fs';
import { join } from 'path';
import { aloneWith } from './alone';
import { BundleTarget, ROOT } from './target';
import { TARGETS } from './targets';
import { areLayersNewer, UNFINISHED } from '../runtime-layer';

/** Only what is absent or older than its sources: another process may have built it while this one waited. */
const UNLESS_CURRENT = '--unless-current';

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter(arg => arg !== UNLESS_CURRENT);
  await aloneWith(UNFINISHED, async isUnfinished => {
    const isCurrent = args.includes(UNLESS_CURRENT) && !isUnfinished && areLayersNewer();
    // What was interrupted may have been building any of them.
    if (!isCurrent) await build(isUnfinished ? [] : names);
  });
}

/** Builds the targets of these names; all of them without a name. */
async function build(names: readonly string[]): Promise<void> {
  for (const { folders, build: buildTarget } of names.length === 0 ? TARGETS : names.map(targetOf)) {
    for (const folder of folders) rmSync(join(ROOT, folder), { recursive: true, force: true });
    await buildTarget();
  }
}

function targetOf(name: string): BundleTarget {
  const target = TARGETS.find(candidate => candidate.name === name);
  if (!target) throw new Error(`Nothing of the name "${name}" is built ahead, only: ${TARGETS.map(known => known.name).join(', ')}`);
  return target;
}

void main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exitCode = 1;
});
