import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { reportClients } from './support/compared-clients';
import { environmentFor, startFaultyServer } from './support/faulty-server-process';
import { lambdaNode } from '../build-tools/lambda-node';
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
    return reportClients(contenders, { rounds: ROUNDS, callsARound: CALLS_A_ROUND, peer: 'the SDK\'s client', limit: LIMIT });
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

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
