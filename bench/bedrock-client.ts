import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { environmentFor, startFaultyServer } from './support/faulty-server-process';
import { median } from './support/statistics';
import { lambdaNode } from '../build-tools/lambda-node';
import { table } from '../build-tools/table';
import type { FaultyPorts } from '../test/support/faulty-bedrock-server/faulty-bedrock-server';

/** What a call through the layer's factory costs beside the SDK's client, on Lambda's Node against a server that takes 5 ms. */
const LIMIT = 1.02;
const ROUNDS = 120;
const CALLS_A_ROUND = 25;
const WARM_UP_CALLS = 1_000;
const CALLER = join(__dirname, 'support', 'bedrock-caller.mjs');

interface Contender {
  readonly name: string;
  readonly caller: ChildProcess;
  readonly ms: number[];
  readonly cpuMicros: number[];
}

interface Measured {
  readonly ms: readonly number[];
  readonly cpuMicros: number;
}

async function main(): Promise<boolean> {
  const { server, ports } = await startFaultyServer();
  const contenders = contendersFor(ports);
  try {
    for (const { caller } of contenders) await calls(caller, WARM_UP_CALLS);
    for (let round = 0; round < ROUNDS; round += 1) await oneRound(contenders, round);
    return report(contenders);
  } finally {
    for (const { caller } of contenders) caller.kill();
    server.kill('SIGTERM');
  }
}

function contendersFor({ http1, h2c }: FaultyPorts): Contender[] {
  const contender = (name: string, client: string, port: number): Contender => ({
    name,
    caller: startCaller(client, port),
    ms: [],
    cpuMicros: [],
  });
  return [
    contender('the SDK\'s client with its HTTP/1.1 handler', 'http1', http1),
    contender('the same once more: what chance does', 'http1', http1),
    contender('the SDK\'s client as it comes, HTTP/2', 'http2', h2c),
    contender('the factory\'s client, with its log line and metrics', 'factory', http1),
  ];
}

function startCaller(client: string, port: number): ChildProcess {
  return fork(CALLER, [client], {
    execPath: lambdaNode(),
    execArgv: [],
    env: environmentFor(port, 'late-ok'),
  });
}

/** Some calls each, in turn; who begins changes, so that nobody always follows the same one. */
async function oneRound(contenders: readonly Contender[], round: number): Promise<void> {
  for (let turn = 0; turn < contenders.length; turn += 1) {
    const { caller, ms, cpuMicros } = contenders[(turn + round) % contenders.length];
    const measured = await calls(caller, CALLS_A_ROUND);
    ms.push(...measured.ms);
    cpuMicros.push(measured.cpuMicros);
  }
}

async function calls(caller: ChildProcess, count: number): Promise<Measured> {
  const gone = new AbortController();
  caller.once('exit', code => gone.abort(new Error(`a caller ended with ${code}`)));
  caller.send(count);
  const [measured] = await once(caller, 'message', { signal: gone.signal }) as [Measured];
  caller.removeAllListeners('exit');
  return measured;
}

function report(contenders: readonly Contender[]): boolean {
  const [plain] = contenders;
  const ratio = ({ ms }: Contender): number => median(ms) / median(plain.ms);
  console.log(
    table(
      ['client', 'median ms', '×', 'median CPU µs a call', 'least CPU µs a call'],
      contenders.map(each => [
        each.name,
        median(each.ms).toFixed(3),
        ratio(each).toFixed(4),
        Math.round(median(each.cpuMicros)),
        Math.round(Math.min(...each.cpuMicros)),
      ]),
    ),
  );
  const factory = ratio(contenders[contenders.length - 1]);
  console.log(
    `\n${ROUNDS} rounds of ${CALLS_A_ROUND} calls each, in turn, every client in a process of its own; ` +
      `the factory takes ${factory.toFixed(4)} × the SDK's client (limit ${LIMIT}).`,
  );
  return factory <= LIMIT;
}

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
