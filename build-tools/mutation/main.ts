import { execFileSync, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ROOT } from '../bundle/target';
import { runCommand } from '../command-line';
import { lambdaNode } from '../lambda-node';
import { useOwnTemporaryFolder } from '../temporary-folder';
import { Journal, sampleOf } from './journal';
import { Part, PARTS } from './parts';
import { scoresOf, survivorsOf } from './scores';
import { strykerOptions } from './stryker-options';

const STRYKER = join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');

/** How tests are run; the rest of this folder only counts. */
const HOW = ['jest', 'plugins.mjs', 'stryker-options.ts'].map(name => `build-tools/mutation/${name}`);

/** What a part's results hold for: its files, its tests, and how they are run. */
function digestOf(part: Part): string {
  const folders = [...part.mutate, ...part.tests].filter(pattern => !pattern.startsWith('!')).map(pattern => pattern.split('/*')[0]);
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...folders, 'test/support', ...HOW],
    { cwd: ROOT, encoding: 'utf8' });
  const files = listed.split('\n').filter(file => file && existsSync(join(ROOT, file))).sort();
  const hash = createHash('sha256').update(JSON.stringify(part));
  for (const file of files) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}

function openJournal(name: string, part: Part): Journal {
  const folder = join(ROOT, 'coverage', 'mutation');
  mkdirSync(folder, { recursive: true });
  const journal = new Journal(join(folder, `${name}.jsonl`), digestOf(part));
  journal.open();
  const known = journal.read().length;
  if (known > 0) console.log(`${known} mutants are known from earlier runs: ${journal.file}`);
  return journal;
}

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  const part = PARTS.get(name);
  if (!part) throw new Error(`No part is called "${name}". Parts: ${[...PARTS.keys()].join(', ')}.`);

  const journal = openJournal(name, part);
  const config = join(useOwnTemporaryFolder('plumbline-mutation-'), 'stryker.conf.json');
  writeFileSync(config, JSON.stringify(strykerOptions(part)));
  const env = { ...process.env, PLUMBLINE_MUTATION_JOURNAL: journal.file };
  const node = part.onLambdaNode ? lambdaNode() : process.execPath;
  const { status } = spawnSync(node, [STRYKER, 'run', config, ...args], { cwd: ROOT, stdio: 'inherit', env });

  const oneIn = Number(process.env.PLUMBLINE_MUTANTS_ONE_IN ?? 1);
  const isWhole = status === 0;
  const tried = sampleOf(journal.read(), oneIn, isWhole);
  const { score, text } = scoresOf(tried, oneIn > 1 || !isWhole);
  console.log(`\n${survivorsOf(tried)}\n\n${text}`);
  if (!isWhole) throw new Error('Stryker did not come to its end: run it again, and it goes on with the mutants that are left.');
  if (score >= part.goal) return 0;
  console.error(`below ${part.goal} %`);
  return 1;
}

runCommand(main);
