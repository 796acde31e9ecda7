import { spawnSync } from 'child_process';
import { readdirSync } from 'fs';
import { basename, join } from 'path';
import { parseArgs } from 'util';
import { useOwnTemporaryFolder } from '../build-tools/temporary-folder';

const TSX = join(__dirname, '..', 'node_modules', '.bin', 'tsx');

/** Each file beside this one is a benchmark: a script that prints its table and exits with 1 when a figure is over its limit. */
const all = readdirSync(__dirname, { withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== basename(__filename))
  .map(entry => basename(entry.name, '.ts'))
  .sort();

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter(name => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called "${unknown.join('", "')}". Benchmarks: ${all.join(', ')}.`);
  process.exit(2);
}

useOwnTemporaryFolder('plumbline-benches-');
const chosen = positionals.length > 0 ? positionals : all;
const over = chosen.filter(name => {
  console.log(`\n## ${name}\n`);
  return spawnSync(TSX, [join(__dirname, `${name}.ts`)], { stdio: 'inherit' }).status !== 0;
});

console.log(over.length === 0 ? `\n${chosen.length} benchmarks, all within their limits` : `\nover their limits: ${over.join(', ')}`);
process.exitCode = over.length === 0 ? 0 : 1;
