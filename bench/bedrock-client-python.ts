import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, Interface } from 'node:readline';
import { reportClients } from './support/compared-clients';
import { environmentFor, startFaultyServer } from './support/faulty-server-process';
import { runtimePython } from '../build-tools/runtime-python';

/** What a call through the Python factory costs beside boto3's client, against a server that takes 5 ms. */
const LIMIT = 1.05;
const ROUNDS = 60;
const CALLS_A_ROUND = 25;
const WARM_UP_CALLS = 300;
const CALLER = join(__dirname, 'support', 'bedrock_caller.py');
const RUNTIME = join(__dirname, '..', 'runtime', 'python');

interface Measured {
  readonly ms: readonly number[];
  readonly cpuMicros: number;
}

class Contender {
  public readonly ms: number[] = [];
  public readonly cpuMicros: number[] = [];
  private readonly caller: ChildProcessWithoutNullStreams;
  private readonly answers: Interface;

  public constructor(public readonly name: string, client: string, port: number) {
    this.caller = spawn(join(runtimePython(), 'python'), [CALLER, client], {
      env: { ...environmentFor(port, 'late-ok'), AWS_DEFAULT_REGION: 'us-east-1', PYTHONPATH: RUNTIME, PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.caller.stderr.pipe(process.stderr);
    this.answers = createInterface({ input: this.caller.stdout });
  }

  public async call(count: number): Promise<Measured> {
    const gone = new AbortController();
    const end = (code: number | null): void => gone.abort(new Error(`a caller ended with ${code}`));
    this.caller.once('exit', end);
    this.caller.stdin.write(`${count}\n`);
    const [line] = await once(this.answers, 'line', { signal: gone.signal }) as [string];
    this.caller.off('exit', end);
    return JSON.parse(line) as Measured;
  }

  public stop(): void {
    this.caller.stdin.end();
  }
}

async function main(): Promise<boolean> {
  const { server, ports } = await startFaultyServer();
  const contenders = [
    new Contender('boto3\'s client', 'raw', ports.http1),
    new Contender('the same once more: what chance does', 'raw', ports.http1),
    new Contender('the factory\'s client, with its log line and metrics', 'factory', ports.http1),
  ];
  try {
    for (const contender of contenders) await contender.call(WARM_UP_CALLS);
    for (let round = 0; round < ROUNDS; round += 1) {
      // Who begins changes, so that nobody always follows the same one.
      for (let turn = 0; turn < contenders.length; turn += 1) {
        const contender = contenders[(turn + round) % contenders.length];
        const { ms, cpuMicros } = await contender.call(CALLS_A_ROUND);
        contender.ms.push(...ms);
        contender.cpuMicros.push(cpuMicros);
      }
    }
    return reportClients(contenders, { rounds: ROUNDS, callsARound: CALLS_A_ROUND, peer: 'boto3\'s client', limit: LIMIT });
  } finally {
    contenders.forEach(contender => contender.stop());
    server.kill('SIGTERM');
  }
}

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
