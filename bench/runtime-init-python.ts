import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { median } from './support/statistics';
import { lambdaPython, newestPython, oldestPython } from '../build-tools/runtime-python';
import { table } from '../build-tools/table';

/** What the layer may add to the start of a function without boto3, as a share of what the import of Powertools adds. */
const LIMIT = 1.5;
const ROUNDS = 9;
const LAYER = join(__dirname, '..', 'assets', 'runtime', 'python-layer');
const START = join(__dirname, 'support', 'runtime_start.py');

interface Start {
  readonly ms: number;
  readonly cpuMs: number;
}

const CONTENDERS: Readonly<Record<string, readonly string[]>> = {
  'a bare handler': ['index'],
  'Powertools: logger and metrics': ['tools', 'index'],
  'the layer around a bare handler': ['plumbline_layer'],
};

function main(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-python-start-'));
  try {
    writeFileSync(join(folder, 'index.py'), 'def handler(event, context): return 1\n');
    const tools = 'from aws_lambda_powertools import Logger, Metrics\nlogger, metrics = Logger(), Metrics(namespace="x")\n';
    writeFileSync(join(folder, 'tools.py'), tools);
    console.log(`CPU time until a function is ready, without boto3, a fresh process each, ${ROUNDS} rounds in turn.`);
    const shares = [...new Set([oldestPython(), newestPython()])].flatMap(version =>
      [true, false].map(compiled => measure(folder, version, compiled)));
    const worst = Math.max(...shares);
    console.log(`\nThe layer adds at most ${worst.toFixed(2)} × what Powertools adds (limit ${LIMIT}).`);
    return worst <= LIMIT;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the layer adds, as a share of what Powertools adds. */
function measure(folder: string, version: string, compiled: boolean): number {
  const bytecode = join(folder, `bytecode-${version}-${compiled}`);
  mkdirSync(bytecode);
  const env = {
    PATH: process.env.PATH,
    PYTHONPATH: [folder, join(LAYER, 'python'), join(LAYER, 'plumbline-packages')].join(':'),
    // Nothing is written to a layer in Lambda. Ours holds its bytecode, and that of its Powertools.
    ...(compiled ? { PYTHONPYCACHEPREFIX: bytecode } : { PYTHONDONTWRITEBYTECODE: '1' }),
    PLUMBLINE_HANDLER: 'index.handler',
    POWERTOOLS_SERVICE_NAME: 'chat',
    AWS_REGION: 'us-east-1',
  };
  const start = (modules: readonly string[]): Start =>
    JSON.parse(execFileSync(lambdaPython(version), [START, ...modules], { env, encoding: 'utf8' })) as Start;

  const found = new Map<string, Start[]>(Object.keys(CONTENDERS).map(name => [name, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [name, modules] of Object.entries(CONTENDERS)) {
      const took = start(modules);
      if (round >= 0) found.get(name)!.push(took);
    }
  }

  const [bare, powertools, layer] = [...found.values()].map(starts => median(starts.map(({ cpuMs }) => cpuMs)));
  console.log(`\n### Python ${version}, ${compiled ? 'with all bytecode' : 'as in Lambda, with the bytecode in the layer'}\n`);
  console.log(table(
    ['start', 'median CPU ms', 'median ms', 'least CPU ms'],
    [...found].map(([name, starts]) => [
      name,
      median(starts.map(({ cpuMs }) => cpuMs)).toFixed(1),
      median(starts.map(({ ms }) => ms)).toFixed(1),
      Math.min(...starts.map(({ cpuMs }) => cpuMs)).toFixed(1),
    ]),
  ));
  const share = (layer - bare) / (powertools - bare);
  console.log(`\nadded: ${(layer - bare).toFixed(1)} ms beside ${(powertools - bare).toFixed(1)} ms, ${share.toFixed(2)} ×`);
  return share;
}

process.exitCode = main() ? 0 : 1;
