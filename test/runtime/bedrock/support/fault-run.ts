import { performance } from 'node:perf_hooks';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { sendAndRead } from './commands';
import type { FaultCase } from './fault-cases';
import { CREDENTIALS, PRIMARY, TASK_TYPE, testClient } from './test-client';
import { ClientPolicy } from '../../../../runtime/node/bedrock/client/client-policy';
import { FaultyBedrockServer, FaultyPorts } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';

export interface FaultRun {
  readonly outcome: string;
  readonly attempts: number | undefined;
  readonly ms: number;
}

const ROOM = 10;

/** The policy a case runs under. */
export function policyFor({ heavy }: FaultCase, policy: ClientPolicy): ClientPolicy {
  return heavy ? { ...policy, readTimeoutMs: { ...policy.readTimeoutMs, [TASK_TYPE]: ROOM * policy.readTimeoutMs[TASK_TYPE] } } : policy;
}

/** Runs all cases, some at a time, the heavy ones alone. */
export async function runAll(cases: readonly FaultCase[], atATime: number, run: (faultCase: FaultCase) => Promise<void>): Promise<void> {
  const waiting = cases.filter(({ heavy }) => !heavy);
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  for (const faultCase of cases.filter(({ heavy }) => heavy)) await run(faultCase);
}

/** One case through a client of the factory's making, without a fallback Region: the worst case for time. */
export async function runThroughFactory(server: FaultyBedrockServer, faultCase: FaultCase, policy: ClientPolicy): Promise<FaultRun> {
  const { client, ports } = testClient({
    primaryUrl: endpointOf(server, faultCase, faultCase.port, 'ours'), policy: policyFor(faultCase, policy), ca: server.certificate.cert,
  });
  try {
    const run = await timed(sendAndRead(client, faultCase.operation));
    return { ...run, attempts: ports.calls[0]?.attempts as number | undefined };
  } finally {
    client.destroy();
  }
}

/** The same through the SDK's client as it comes; given up after a while, because it may never end. */
export async function runThroughRawClient(server: FaultyBedrockServer, faultCase: FaultCase, giveUpMs: number): Promise<FaultRun> {
  const client = new BedrockRuntimeClient({
    region: PRIMARY, credentials: CREDENTIALS, endpoint: endpointOf(server, faultCase, rawPort(faultCase.port), 'raw'),
  });
  const aborter = new AbortController();
  const sent = sendAndRead(client, faultCase.operation, { abortSignal: aborter.signal });
  const run = await Promise.race([timed(sent), stillHanging(giveUpMs)]);
  aborter.abort();
  client.destroy();
  return run;
}

/** By the policy: the limits of each attempt as far as the fault lets it come, and the longest waits between attempts. */
export function boundMs(faultCase: FaultCase, policy: ClientPolicy): number {
  const { operation, waits, attempts, silences = 1 } = faultCase;
  const { connectTimeoutMs, readTimeoutMs, bidirectionalInactivityMs, maxRetryWaitMs } = policyFor(faultCase, policy);
  const readMs = readTimeoutMs[TASK_TYPE];
  const toFirstPart = connectTimeoutMs + (operation === 'InvokeModelWithBidirectionalStream' ? bidirectionalInactivityMs : readMs);
  const perAttempt = { connect: connectTimeoutMs, read: toFirstPart, stream: toFirstPart + silences * readMs }[waits];
  return attempts * perAttempt + (attempts - 1) * maxRetryWaitMs;
}

/** The raw client speaks HTTP/2 by itself, and knows no certificate of ours. */
function rawPort(port: keyof FaultyPorts): keyof FaultyPorts {
  return port === 'http1' || port === 'tls' ? 'h2c' : port;
}

function endpointOf(server: FaultyBedrockServer, { name, fault, port: asked }: FaultCase, port: keyof FaultyPorts, whose: string): string {
  const url = server.url(`${fault}@${whose} ${name}`, port);
  // Only with TLS is there a handshake to leave unanswered.
  return asked === 'silent' ? url.replace('http:', 'https:') : url;
}

async function timed(sent: Promise<unknown>): Promise<FaultRun> {
  const started = performance.now();
  const outcome = await sent.then(() => 'success', (error: unknown) => (error as Error).name);
  return { outcome, attempts: undefined, ms: Math.round(performance.now() - started) };
}

async function stillHanging(ms: number): Promise<FaultRun> {
  return new Promise(resolve => setTimeout(resolve, ms, { outcome: 'still hanging', attempts: undefined, ms }).unref());
}
