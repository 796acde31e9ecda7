import { execFileSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { buildSync } from 'esbuild';
import { fakeAws, NO_DELAYS } from './support/fake-aws';
import { functionEnvironment, LAMBDA_FLAGS, LOADED_BY_LAMBDA } from './support/lambda-process';
import { median } from './support/statistics';
import { lambdaNode } from '../build-tools/lambda-node';
import { table } from '../build-tools/table';
import { selfSignedCertificate } from '../test/support/faulty-bedrock-server/self-signed-certificate';

const WITH_POWERTOOLS = 'with Powertools as installed';
const WITH_PROBE = 'with the layer and its probe';
const WITHOUT_PROBE = 'with the layer, no probe';
/** What layer and probe may add to the start of a function, as a share of what Powertools' logger, metrics and tracer add. */
const MAX_RATIOS: Readonly<Record<string, number>> = { [WITH_PROBE]: 0.4, [WITHOUT_PROBE]: 0.1 };
const ROUNDS = 21;
const ROOT = join(__dirname, '..');
const LAYER = join(ROOT, 'assets', 'runtime', 'node-layer');
/** Another version of the layer to measure beside this one, such as that of the last release. */
const OTHER_LAYER = process.env.PLUMBLINE_OTHER_LAYER;
/** About as long as the services take in a Region, in milliseconds. */
const DELAYS = { sts: 15, bedrock: 60, model: 0 };

const REQUEST = "{ modelId: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }";
const BARE = 'export const handler = async () => 1;';
const RAW = `
  import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
  import { NodeHttpHandler } from '@smithy/node-http-handler';
  const client = new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() });
  export const handler = async () => (await client.send(new ConverseCommand(${REQUEST}))).stopReason;`;
const FACTORY = `
  import { BedrockClientFactory } from 'cdk-plumbline/runtime';
  const client = BedrockClientFactory.create({ taskType: 'synthesis' });
  export const handler = async () => (await client.converse(${REQUEST})).stopReason;`;
const POWERTOOLS = `
  import { Logger } from '@aws-lambda-powertools/logger';
  import { Metrics } from '@aws-lambda-powertools/metrics';
  import { Tracer } from '@aws-lambda-powertools/tracer';
  export const tools = [new Logger(), new Metrics({ namespace: 'x' }), new Tracer()];`;

interface Start {
  readonly name: string;
  readonly module: string;
  readonly environment: NodeJS.ProcessEnv;
}

interface Measured {
  readonly name: string;
  /** Milliseconds until the function could take a request, one figure a round. */
  readonly ready: number[];
  /** Milliseconds until it had answered its first one. */
  readonly answered: number[];
}

void main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.plumbline-bench-'));
  const certificate = selfSignedCertificate();
  const [prompt, delayed] = await Promise.all([fakeAws(certificate, NO_DELAYS), fakeAws(certificate, DELAYS)]);
  try {
    const { toReady, toAnswer } = starts(folder, { prompt: prompt.url, delayed: delayed.url, ca: certificate.cert });
    console.log(`A fresh process of Lambda's Node each, ${ROUNDS} rounds side by side; AWS is a server on this machine, over TLS.`
      + ' Powertools: logger, metrics and tracer.');
    for (const major of [22, 24] as const) {
      for (const flags of [[], LAMBDA_FLAGS]) {
        const node: Node = { program: lambdaNode(major), flags };
        console.log(`\n### Node.js ${major}, ${flags.length > 0 ? 'with' : 'without'} the flags of Lambda`);
        report(measure(toReady, node), measure(toAnswer, node));
      }
    }
  } finally {
    await Promise.all([prompt.close(), delayed.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function starts(
  folder: string,
  { prompt, delayed, ca }: { readonly prompt: string; readonly delayed: string; readonly ca: string },
): { toReady: Start[]; toAnswer: Start[] } {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const bundle = (entry: string): string => {
    const outfile = entry.replace(/\.mjs$/, '-bundled.cjs');
    buildSync({
      entryPoints: [entry],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node22',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
    return outfile;
  };
  const environment = functionEnvironment(folder, { url: prompt, certificate: ca });
  const plain = (name: string, module: string): Start => ({ name, module, environment });
  const underLayer = (name: string, handler: string, probe: string, layer = LAYER): Start => ({
    name,
    module: join(layer, 'nodejs', 'plumbline', 'handler.mjs'),
    environment: { ...environment, PLUMBLINE_HANDLER: handler, PLUMBLINE_PROBE: probe },
  });
  const underDelay = (start: Start): Start => ({ ...start, environment: { ...start.environment, AWS_ENDPOINT_URL: delayed } });

  const bare = write('bare.mjs', BARE);
  const powertools = write('powertools.mjs', `${POWERTOOLS}\n${BARE}`);
  const raw = bundle(write('raw.mjs', RAW));
  const rawAndPowertools = write('raw-powertools.mjs', `${POWERTOOLS}\nexport { handler } from './raw-bundled.cjs';`);
  write('factory.mjs', FACTORY);
  const other = (handler: string): Start[] =>
    OTHER_LAYER ? [underLayer('the other layer and its probe', handler, 'BASIC', OTHER_LAYER)] : [];
  return {
    toReady: [
      plain('a bare handler', bare),
      underLayer(WITH_PROBE, 'bare.handler', 'BASIC'),
      ...other('bare.handler'),
      underLayer(WITHOUT_PROBE, 'bare.handler', 'NONE'),
      plain(WITH_POWERTOOLS, powertools),
      plain('with Powertools, bundled', bundle(powertools)),
    ],
    toAnswer: [
      plain("the SDK's client, bundled", raw),
      underLayer(WITH_PROBE, 'raw-bundled.handler', 'BASIC'),
      ...other('raw-bundled.handler'),
      underLayer("the factory's client instead, with layer and probe", 'factory.handler', 'BASIC'),
      plain(WITH_POWERTOOLS, rawAndPowertools),
    ].map(underDelay),
  };
}

interface Node {
  readonly program: string;
  readonly flags: readonly string[];
}

function measure(all: readonly Start[], node: Node): Measured[] {
  const measured = all.map(({ name }): Measured => ({ name, ready: [], answered: [] }));
  for (let round = -1; round < ROUNDS; round++) {
    all.forEach((start, index) => {
      const { ready, answered } = milliseconds(start, node);
      if (round < 0) return;
      measured[index].ready.push(ready);
      measured[index].answered.push(answered);
    });
  }
  return measured;
}

/** From the start of loading a module. */
function milliseconds({ module, environment }: Start, { program, flags }: Node): { ready: number; answered: number } {
  const script = `
    import { writeSync } from 'node:fs';
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    for (const module of ${JSON.stringify(LOADED_BY_LAMBDA)}) require(module);
    const start = performance.now();
    const { handler } = await import(${JSON.stringify(module)});
    const ready = performance.now() - start;
    await handler({}, { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 });
    writeSync(2, JSON.stringify({ ready, answered: performance.now() - start }));
    process.exit(0);`;
  const { PATH } = process.env;
  const stderr = execFileSync('sh', ['-c', 'exec "$@" 2>&1 >/dev/null', 'sh', program, ...flags, '--input-type=module', '-e', script], {
    encoding: 'utf8', env: { PATH, ...environment },
  });
  return JSON.parse(stderr) as { ready: number; answered: number };
}

function report(toReady: readonly Measured[], toAnswer: readonly Measured[]): void {
  console.log('\nUntil the function is ready, when AWS answers at once:\n');
  const shares = comparison(toReady, ({ ready }) => median(ready));
  const { sts, bedrock } = DELAYS;
  console.log(`\nA function that loads the SDK, when STS answers after ${sts} ms and Bedrock's control plane after ${bedrock} ms;`
    + ' until it is ready:\n');
  comparison(toAnswer, ({ ready }) => median(ready));
  console.log('\nand until it has its first answer from a model:\n');
  comparison(toAnswer, ({ answered }) => median(answered));
  toReady.forEach(({ name }, index) => {
    if (!(shares[index] > MAX_RATIOS[name])) return;
    console.error(`\nA start ${name} adds ${shares[index].toFixed(2)} × what Powertools adds; at most ${MAX_RATIOS[name]} × is the goal.`);
    process.exitCode = 1;
  });
}

/** Prints what each adds to the first one, and returns it as a share of what Powertools adds. */
function comparison(measured: readonly Measured[], figure: (each: Measured) => number): number[] {
  const base = figure(measured[0]);
  const added = measured.map(each => figure(each) - base);
  const powertools = added[measured.findIndex(({ name }) => name === WITH_POWERTOOLS)];
  const shares = added.map(each => each / powertools);
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  console.log(table(
    ['start', 'median ms', 'added ms', '× Powertools'],
    measured.map((each, index) => [each.name, rounded(figure(each)), rounded(added[index]), shares[index].toFixed(2)]),
  ));
  return shares;
}
