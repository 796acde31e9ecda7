import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { environmentFor, startFaultyServer } from './support/faulty-server-process';
import { lambdaNode } from '../build-tools/lambda-node';
import { Cell, table } from '../build-tools/table';
import type { FaultyPorts } from '../test/support/faulty-bedrock-server/faulty-bedrock-server';

/** What 20,000 calls, 200 at once, leave behind in the process that made them, without throttling and with some. On Lambda's Node. */
const CALLS = 20_000;
const AT_ONCE = 200;
const SETTLE_MS = 5_000;
const PLANS = ['late-ok', 'throttle-1-in-100', 'throttle-1-in-50'] as const;
const CALLER = join(__dirname, 'support', 'soak-caller.mjs');

const MAX_SLOWER = 2;
const MAX_HEAP_GROWTH = 2 * 1024 * 1024;
const MAX_END_MS = 1_000;

interface Held {
  readonly sockets: number;
  readonly listeners: number;
  readonly timers: number;
  readonly heapBytes: number;
}

interface Soaked {
  readonly before: Held;
  readonly after: Held;
  readonly p50: number;
  readonly p99: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly endMs: number;
}

async function main(): Promise<boolean> {
  const { server, ports } = await startFaultyServer();
  try {
    const runs = new Map<string, Soaked>();
    for (const plan of PLANS) runs.set(plan, await soak(ports, plan));
    console.log(table(
      ['answers', 'p50 ms', 'p99 ms', 'sockets', 'listeners', 'timers', 'heap MB', 'ended after ms', 'outcomes'],
      [...runs].map(([plan, run]) => rowOf(plan, run)),
    ));
    const wrong = [...runs].flatMap(([plan, run]) => findWrong(run, runs.get(PLANS[0])!).map(what => `${plan}: ${what}`));
    const counts = `${CALLS} calls, ${AT_ONCE} at once, after a warm-up of ${10 * AT_ONCE}`;
    console.log(
      `\n${counts}; before → ${SETTLE_MS / 1_000} s after the last call. ` +
        `${wrong.length === 0 ? 'Nothing is left behind.' : wrong.join('; ')}`,
    );
    return wrong.length === 0;
  } finally {
    server.kill('SIGTERM');
  }
}

async function soak(ports: FaultyPorts, plan: string): Promise<Soaked> {
  const caller = fork(CALLER, [CALLS, AT_ONCE, SETTLE_MS].map(String), {
    execPath: lambdaNode(), execArgv: ['--expose-gc'], env: environmentFor(ports.http1, plan),
  });
  const failed = new AbortController();
  caller.once('exit', code => failed.abort(new Error(`the caller ended with ${code}`)));
  const [soaked] = await once(caller, 'message', { signal: failed.signal }) as [Omit<Soaked, 'endMs'>];
  const told = performance.now();
  if (caller.exitCode === null) await once(caller, 'exit');
  return { ...soaked, endMs: Math.round(performance.now() - told) };
}

function rowOf(plan: string, { before, after, p50, p99, outcomes, endMs }: Soaked): Cell[] {
  const change = (key: keyof Held) => `${before[key]} → ${after[key]}`;
  const megabytes = ({ heapBytes }: Held) => (heapBytes / 1024 / 1024).toFixed(1);
  return [
    plan,
    p50.toFixed(1),
    p99.toFixed(1),
    change('sockets'),
    change('listeners'),
    change('timers'),
    `${megabytes(before)} → ${megabytes(after)}`,
    endMs,
    Object.entries(outcomes)
      .map(([outcome, count]) => `${outcome}: ${count}`)
      .join(', '),
  ];
}

function findWrong({ before, after, p50, endMs }: Soaked, calm: Soaked): string[] {
  const slower = p50 / calm.p50;
  return [
    ...(['sockets', 'listeners', 'timers'] as const)
      .filter(key => after[key] > before[key])
      .map(key => `${after[key] - before[key]} more ${key}`),
    ...(after.heapBytes - before.heapBytes > MAX_HEAP_GROWTH ? ['the heap has grown'] : []),
    ...(slower > MAX_SLOWER ? [`p50 is ${slower.toFixed(2)} × that without throttling`] : []),
    ...(endMs > MAX_END_MS ? [`the process ended only after ${endMs} ms`] : []),
  ];
}

main().then(good => process.exit(good ? 0 : 1), error => {
  console.error(error);
  process.exit(2);
});
