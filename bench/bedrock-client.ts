import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { table } from './support/table';
import { BedrockClientFactory } from '../runtime/node/src/bedrock/bedrock-client-factory';
import type { FaultyPorts } from '../test/support/faulty-bedrock-server/faulty-bedrock-server';

/** What a call through the factory costs beside the SDK's client, against a server that takes 5 ms, in a process of its own. */
const LIMIT = 1.02;
const ROUNDS = 1_500;
const WARM_UP = 200;
const CPU_BLOCKS = 10;
const CPU_BLOCK_CALLS = 100;
const FAULT = '/fault/late-ok';
const ROOT = join(__dirname, '..');
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

interface Contender {
  readonly name: string;
  readonly client: BedrockRuntimeClient;
  readonly ms: number[];
  /** Of the whole process for one call, the least of several blocks: the time that other programs take does not count. */
  cpuMicros: number;
}

async function main(): Promise<boolean> {
  const { server, ports } = await startServer();
  try {
    const contenders = contendersFor(ports);
    const speak = silenceOutput();
    for (let round = -WARM_UP; round < ROUNDS; round += 1) await oneRound(contenders, round);
    for (let block = 0; block < CPU_BLOCKS; block += 1) for (const each of contenders) await measureCpu(each);
    speak();
    return report(contenders);
  } finally {
    server.kill('SIGTERM');
  }
}

function contendersFor({ http1, h2c }: FaultyPorts): Contender[] {
  const endpoint = `http://127.0.0.1:${http1}${FAULT}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint,
    AWS_REGION: 'us-east-1',
    PLUMBLINE_PRODUCT: 'Bench',
    PLUMBLINE_SERVICE_NAME: 'bench',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
  const raw = { region: 'us-east-1', credentials: CREDENTIALS };
  return [
    contender('raw client, HTTP/1.1 (NodeHttpHandler)', new BedrockRuntimeClient({ ...raw, endpoint, requestHandler: new NodeHttpHandler() })),
    contender('raw client as it comes (HTTP/2)', new BedrockRuntimeClient({ ...raw, endpoint: `http://127.0.0.1:${h2c}${FAULT}` })),
    contender('through the factory, with its log line and metrics', BedrockClientFactory.create({ taskType: 'synthesis' })),
  ];
}

function contender(name: string, client: BedrockRuntimeClient): Contender {
  return { name, client, ms: [], cpuMicros: Infinity };
}

/** One call each, in turn; who begins changes, so that nobody always follows the same one. */
async function oneRound(contenders: readonly Contender[], round: number): Promise<void> {
  for (let turn = 0; turn < contenders.length; turn += 1) {
    const { client, ms } = contenders[(turn + Math.abs(round)) % contenders.length];
    const started = performance.now();
    await call(client);
    if (round >= 0) ms.push(performance.now() - started);
  }
}

async function call(client: BedrockRuntimeClient): Promise<void> {
  await client.send(new ConverseCommand({ modelId: 'amazon.nova-pro-v1:0', messages: [{ role: 'user', content: [{ text: 'Recommend a manga.' }] }] }));
}

async function measureCpu(measured: Contender): Promise<void> {
  const before = process.cpuUsage();
  for (let calls = 0; calls < CPU_BLOCK_CALLS; calls += 1) await call(measured.client);
  const { user, system } = process.cpuUsage(before);
  measured.cpuMicros = Math.min(measured.cpuMicros, (user + system) / CPU_BLOCK_CALLS);
}

function report(contenders: readonly Contender[]): boolean {
  const [plain, , ours] = contenders;
  console.log(table(['client', 'median ms', 'p90 ms', 'CPU µs a call'], contenders.map(({ name, ms, cpuMicros }) =>
    [name, quantile(ms, 0.5).toFixed(3), quantile(ms, 0.9).toFixed(3), Math.round(cpuMicros)])));
  const ratio = quantile(ours.ms, 0.5) / quantile(plain.ms, 0.5);
  const pairedMs = quantile(ours.ms.map((ms, round) => ms - plain.ms[round]), 0.5);
  const verdict = ratio <= LIMIT ? 'within' : 'OVER';
  console.log(`\nfactory : raw HTTP/1.1 = ${ratio.toFixed(4)} (limit ${LIMIT}: ${verdict}); median of the paired differences ${(pairedMs * 1_000).toFixed(0)} µs; ${ROUNDS} rounds`);
  return ratio <= LIMIT;
}

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))];
}

/** Log line and metrics are made and formatted as in Lambda; only the screen is spared. */
function silenceOutput(): () => void {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  return () => { process.stdout.write = write; };
}

async function startServer(): Promise<{ server: ChildProcess; ports: FaultyPorts }> {
  const server = spawn(process.execPath, ['-r', 'tsx/cjs', join(ROOT, 'test/support/faulty-bedrock-server/main.ts'), '--lifetime', '300'], {
    stdio: ['pipe', 'pipe', 'inherit'], cwd: ROOT,
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout! }).once('line', resolve);
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  return { server, ports: JSON.parse(line) as FaultyPorts };
}

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
