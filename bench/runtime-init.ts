import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { createServer } from 'http';
import type { AddressInfo } from 'net';
import { join } from 'path';
import { Worker } from 'worker_threads';
import { buildSync } from 'esbuild';
import { lambdaNode } from '../build-tools/lambda-node';
import { median } from './support/statistics';
import { table } from './support/table';

/** What layer and probe add to the start of a function, as a share of what Powertools' logger, metrics and tracer add. */
const MAX_RATIO = 0.4;
const ROUNDS = 21;
const ROOT = join(__dirname, '..');
const HANDLER = join(ROOT, 'assets', 'runtime', 'node-layer', 'nodejs', 'plumbline', 'handler.mjs');
const POWERTOOLS = [
  "import { Logger } from '@aws-lambda-powertools/logger';",
  "import { Metrics } from '@aws-lambda-powertools/metrics';",
  "import { Tracer } from '@aws-lambda-powertools/tracer';",
  "export const tools = [new Logger(), new Metrics({ namespace: 'x' }), new Tracer()];",
  'export const handler = async () => 1;',
].join('\n');

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.plumbline-bench-'));
  const aws = await fakeAws();
  try {
    report(measure(folder, aws.url));
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Start {
  readonly name: string;
  readonly module: string;
  readonly environment: NodeJS.ProcessEnv;
}

function measure(folder: string, endpoint: string): { name: string; times: number[] }[] {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const bare = write('bare.mjs', 'export const handler = async () => 1;');
  const installed = write('powertools.mjs', POWERTOOLS);
  const bundled = join(folder, 'bundled.cjs');
  buildSync({ entryPoints: [installed], outfile: bundled, bundle: true, minify: true, platform: 'node', target: 'node22', logLevel: 'error' });
  const ours = (probe: string): NodeJS.ProcessEnv => ({
    PLUMBLINE_HANDLER: 'bare.handler',
    LAMBDA_TASK_ROOT: folder,
    PLUMBLINE_PROBE: probe,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  const starts: Start[] = [
    { name: 'a bare handler', module: bare, environment: {} },
    { name: 'the layer, probe BASIC', module: HANDLER, environment: ours('BASIC') },
    { name: 'the layer, no probe', module: HANDLER, environment: ours('NONE') },
    { name: 'Powertools logger, metrics, tracer as installed', module: installed, environment: {} },
    { name: 'Powertools logger, metrics, tracer bundled', module: bundled, environment: {} },
  ];
  const measured = starts.map(({ name }) => ({ name, times: [] as number[] }));
  for (let round = -1; round < ROUNDS; round++) {
    starts.forEach((start, index) => {
      const time = milliseconds(start);
      if (round >= 0) measured[index].times.push(time);
    });
  }
  return measured;
}

/** From the start of loading a module to the moment it could take a request. http is there already, as in Lambda's runtime. */
function milliseconds({ module, environment }: Start): number {
  const script = `await import('node:http'); const start = process.hrtime.bigint(); await import(${JSON.stringify(module)});
    console.log('took', Number(process.hrtime.bigint() - start) / 1e6); process.exit(0);`;
  const output = execFileSync(lambdaNode(), ['--input-type=module', '-e', script], {
    encoding: 'utf8', env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(/took ([\d.]+)/.exec(output)![1]);
}

function report(measured: readonly { readonly name: string; readonly times: readonly number[] }[]): void {
  const base = median(measured[0].times);
  const added = measured.map(({ times }) => median(times) - base);
  const [, probe, , installed, bundled] = added;
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  console.log(`A fresh process of Lambda's Node each, ${ROUNDS} rounds side by side; STS and Bedrock are a server on this machine.\n`);
  console.log(table(
    ['start', 'median ms', 'added ms', '× installed', '× bundled'],
    measured.map(({ name, times }, index) => [
      name, rounded(median(times)), rounded(added[index]), (added[index] / installed).toFixed(2), (added[index] / bundled).toFixed(2),
    ]),
  ));
  if (probe / installed > MAX_RATIO) {
    console.error(`\nLayer and probe add ${(probe / installed).toFixed(2)} × what Powertools adds; at most ${MAX_RATIO} × is allowed.`);
    process.exitCode = 1;
  }
}

/** Answers at once; in a thread of its own, because the measuring blocks this one. */
async function fakeAws(): Promise<{ url: string; close: () => Promise<unknown> }> {
  const worker = new Worker(`(${serve.toString()})(require('http').createServer, require('worker_threads').parentPort)`, { eval: true });
  const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return { url: `http://127.0.0.1:${port}`, close: () => worker.terminate() };
}

function serve(create: typeof createServer, parent: { postMessage(port: number): void }): void {
  const server = create((_request, response) => { response.end('{}'); });
  server.listen(0, '127.0.0.1', () => parent.postMessage((server.address() as AddressInfo).port));
}
