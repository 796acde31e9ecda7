import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { withInstalledPackage } from './support/installed-package';
import { median } from './support/statistics';
import { table } from '../build-tools/table';
import { RUNTIME_ENVIRONMENT } from '../src/contract/data';

/** What the first function of an app may cost, as a share of the same resources by hand. */
const MAX_RATIO = 1.4;
const ROUNDS = 21;

const WAYS = { 'by hand': 'by-hand.cjs', 'StandardLambda with a BedrockTaskRole': 'with-library.cjs' };
type Way = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as Way[];
const LAYER_ASSET = join(__dirname, '..', RUNTIME_ENVIRONMENT.layers.node.asset);

/** What one process measured. */
interface Run {
  readonly cpuMs: number;
  readonly modules: number;
  readonly nagModules: number;
  /** The resources as "type property property …"; empty unless they are asked for. */
  readonly resources: string[];
}

const runs = withInstalledPackage(directory => {
  requireSameResources(NAMES.map(way => run(way, directory, true).resources));
  const measured: Record<Way, Run[]> = { 'by hand': [], 'StandardLambda with a BedrockTaskRole': [] };
  for (let round = 0; round < ROUNDS; round++) {
    // Side by side, so that a slow moment of the machine meets both.
    for (const way of NAMES) measured[way].push(run(way, directory));
  }
  return measured;
});

const cpu = NAMES.map(way => median(runs[way].map(({ cpuMs }) => cpuMs)));
const ratio = cpu[1] / cpu[0];
console.log('CPU time of the first function of an app: its modules loaded, its resources created, nothing synthesised.');
console.log(`${ROUNDS} fresh Node ${process.version} processes each, side by side; at most ${MAX_RATIO} ×.\n`);
console.log(table(['way', 'median CPU ms', 'modules loaded', 'of cdk-nag', '× by hand'], NAMES.map((way, index) => [
  way, Math.round(cpu[index]), runs[way][0].modules, runs[way][0].nagModules, (cpu[index] / cpu[0]).toFixed(2),
])));
if (ratio > MAX_RATIO || runs[NAMES[1]][0].nagModules > 0) {
  console.error(
    `\nStandardLambda takes ${ratio.toFixed(2)} × of the same resources by hand; at most ${MAX_RATIO} × is allowed, without cdk-nag.`,
  );
  process.exitCode = 1;
}

function run(way: Way, directory: string, withResources = false): Run {
  const program = `
    const { App, Stack } = require('aws-cdk-lib');
    ${readFileSync(join(__dirname, 'support', 'first-function', WAYS[way]), 'utf8')}
    const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    const loadedBefore = Object.keys(require.cache).length;
    const before = process.cpuUsage();
    exports.create(stack, ${JSON.stringify(LAYER_ASSET)});
    const { user, system } = process.cpuUsage(before);
    const loaded = Object.keys(require.cache);
    const { Template } = ${withResources} ? require('aws-cdk-lib/assertions') : {};
    const resources = Template ? Object.values(Template.fromStack(stack).toJSON().Resources) : [];
    console.log(JSON.stringify({
      cpuMs: (user + system) / 1000,
      modules: loaded.length - loadedBefore,
      nagModules: loaded.filter(file => file.includes('cdk-nag')).length,
      resources: resources.map(({ Type, Properties }) => [Type, ...Object.keys(Properties).sort()].join(' ')).sort(),
    }));`;
  // The CDK's own validation of templates costs the same for both, and more than either.
  const env = { ...process.env, CDK_VALIDATION: 'false' };
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: directory, env, encoding: 'utf8' })) as Run;
}

function requireSameResources([byHand, withLibrary]: string[][]): void {
  if (byHand.join('\n') === withLibrary.join('\n')) return;
  throw new Error(['The two ways make different resources.', 'by hand:', ...byHand, 'StandardLambda:', ...withLibrary].join('\n  '));
}
