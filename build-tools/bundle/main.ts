import { rmSync } from 'fs';
import { join } from 'path';
import { BundleTarget, ROOT } from './target';
import { TARGETS } from './targets';

/** Builds the targets of these names; all of them without a name. */
async function main(names: readonly string[]): Promise<void> {
  for (const { folders, build } of names.length === 0 ? TARGETS : names.map(targetOf)) {
    for (const folder of folders) rmSync(join(ROOT, folder), { recursive: true, force: true });
    await build();
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
