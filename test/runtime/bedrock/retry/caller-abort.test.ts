import { BedrockRuntimeClient, ConverseStreamCommand, InvokeModelWithBidirectionalStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { FaultyBedrockServer, FaultyPorts } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { Operation, sendAndRead } from '../support/commands';
import { MODEL, testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const SOON_MS = 150;
const PROMPT_MS = 250;
// The limits of the standard: none of them ends the call in the time of these tests.
const policy = STANDARD_POLICY;

async function abortedAfter(ms: number, plan: string, port: keyof FaultyPorts, operation: Operation) {
  const primaryUrl = port === 'silent' ? server.url(plan, port).replace('http:', 'https:') : server.url(plan, port);
  const { client, ports } = testClient({ primaryUrl, policy });
  const aborter = new AbortController();
  setTimeout(() => aborter.abort(), ms);
  const started = performance.now();
  const outcome = await sendAndRead(client, operation, { abortSignal: aborter.signal }).then(() => 'success', (error: Error) => error.name);
  client.destroy();
  return { outcome, ms: performance.now() - started, ports };
}

describe('an abort by the caller ends the call at once', () => {
  test.each<[string, string, keyof FaultyPorts, Operation]>([
    ['while it connects', 'ok', 'blackHole', 'Converse'],
    ['while it shakes hands', 'ok', 'silent', 'Converse'],
    ['while it waits for the answer', 'no-answer', 'http1', 'Converse'],
    ['while the answer comes', 'stall-in-body', 'http1', 'InvokeModel'],
    ['while it waits to retry', 'throttle-retry-after', 'http1', 'Converse'],
    ['while a stream begins', 'stall-before-stream', 'http1', 'ConverseStream'],
    ['in mid stream', 'stall-in-stream', 'http1', 'ConverseStream'],
    ['while a two-way stream connects', 'ok', 'blackHole', 'InvokeModelWithBidirectionalStream'],
    ['while a two-way stream begins', 'no-answer', 'h2c', 'InvokeModelWithBidirectionalStream'],
    ['in mid two-way stream', 'stall-in-stream', 'h2c', 'InvokeModelWithBidirectionalStream'],
  ])('%s', async (_stage, fault, port, operation) => {
    const { outcome, ms } = await abortedAfter(SOON_MS, `${fault}@abort ${operation}`, port, operation);
    expect(outcome).toBe('AbortError');
    expect(ms).toBeLessThan(SOON_MS + PROMPT_MS);
  });

  test('before it begins: nothing is sent', async () => {
    const { client } = testClient({ primaryUrl: server.url('ok@never sent') });
    await expect(sendAndRead(client, 'Converse', { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requestsOf('ok@never sent')).toHaveLength(0);
  });

  test('and is neither retried nor called a failure of the Region', async () => {
    const { ports } = await abortedAfter(SOON_MS, 'no-answer@abort once', 'http1', 'Converse');
    expect(server.requestsOf('no-answer@abort once')).toHaveLength(1);
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'AbortError', attempts: 1 })]);
  });

  test('and tells the reason that the caller gave', async () => {
    const { client } = testClient({ primaryUrl: server.url('no-answer@reason') });
    const reason = new Error('the user left');
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(reason), SOON_MS);
    await expect(sendAndRead(client, 'Converse', { abortSignal: aborter.signal })).rejects.toMatchObject({
      name: 'AbortError',
      cause: reason,
    });
  });

  test('while the credentials are being fetched', async () => {
    const { client } = testClient({
      primaryUrl: server.url('ok@slow credentials'),
      credentials: () => new Promise(() => undefined),
      policy,
    });
    const aborter = new AbortController();
    setTimeout(() => aborter.abort(), SOON_MS);
    await expect(sendAndRead(client, 'Converse', { abortSignal: aborter.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a reader that leaves a stream closes its connection', () => {
  async function* silence() { yield { chunk: { bytes: new Uint8Array(1) } }; }

  test.each<[string, keyof FaultyPorts, (client: BedrockRuntimeClient) => Promise<AsyncIterable<unknown> | undefined>]>([
    ['from the model', 'http1', async client => (await client.send(new ConverseStreamCommand({ modelId: MODEL, messages: [] }))).stream],
    [
      'both ways',
      'h2c',
      async client => (await client.send(new InvokeModelWithBidirectionalStreamCommand({ modelId: MODEL, body: silence() }))).body,
    ],
  ])('%s', async (which, port, open) => {
    const { client } = testClient({ primaryUrl: server.url(`stall-in-stream@left ${which}`, port), policy });
    const stream = await open(client);
    const connections = server.connections;
    for await (const _event of stream!) break;
    await new Promise(resolve => setTimeout(resolve, SOON_MS));
    expect(server.connections).toBe(connections - 1);
    client.destroy();
  });
});
