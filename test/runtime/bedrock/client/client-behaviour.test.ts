import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';
import { MODEL, PRIMARY, SHORT_POLICY, testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('the client', () => {
  test('shows the policy in its configuration', async () => {
    const { client } = testClient({ policy: STANDARD_POLICY });
    expect(await client.config.maxAttempts()).toBe(3);
    expect(await client.config.region()).toBe(PRIMARY);
    expect((await client.config.retryStrategy() as { mode?: string }).mode).toBe('adaptive');
  });

  test('keeps one connection for calls that follow each other', async () => {
    const { client } = testClient({ primaryUrl: server.url('ok@keep-alive') });
    const before = server.accepted;
    for (let call = 0; call < 5; call += 1) await sendAndRead(client, 'Converse');
    expect(server.accepted - before).toBe(1);
    client.destroy();
  });

  test('sends a hundred calls at a time: none waits for the connection of another', async () => {
    const { client } = testClient({ primaryUrl: server.url('late-ok@fan-out') });
    const outcomes = await Promise.all(Array.from({ length: 100 }, async () => sendAndRead(client, 'Converse')));
    expect(outcomes).toHaveLength(100);
    client.destroy();
  });

  test('does not count the wait for a free connection as connecting', async () => {
    const policy = { ...SHORT_POLICY, maxSockets: 1, connectTimeoutMs: 100 };
    const { client, ports } = testClient({ primaryUrl: server.url('slow-start@queue'), policy });
    await Promise.all(Array.from({ length: 3 }, async () => sendAndRead(client, 'Converse')));
    expect(ports.calls.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    client.destroy();
  });

  test('closes its connections when it is destroyed, and opens new ones when it is used again', async () => {
    const { client } = testClient({ primaryUrl: server.url('ok@destroy') });
    await sendAndRead(client, 'Converse');
    const open = server.connections;
    client.destroy();
    await pause(50);
    expect(server.connections).toBe(open - 1);
    await expect(sendAndRead(client, 'Converse')).resolves.toBe(1);
    client.destroy();
  });

  test('takes no time-out from a call site', async () => {
    const { client } = testClient({ primaryUrl: server.url('slow-start@call site') });
    await expect(client.send(new ConverseCommand({ modelId: MODEL, messages: [] }), { requestTimeout: 1 })).resolves.toMatchObject({
      stopReason: 'end_turn',
    });
    client.destroy();
  });

  test('refuses a certificate it does not know, and says so once', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@unknown certificate', 'tls') });
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(ports.calls).toEqual([expect.objectContaining({ attempts: 1 })]);
    client.destroy();
  });

  test('lets the middleware of a user see every attempt', async () => {
    const { client } = testClient({ primaryUrl: server.url('internal-error,ok@middleware') });
    let attempts = 0;
    client.middlewareStack.add(next => async args => {
      attempts += 1;
      return next(args);
    }, { step: 'build' });
    await sendAndRead(client, 'Converse');
    expect(attempts).toBe(2);
    client.destroy();
  });

  test('ends a call whose credentials never come', async () => {
    const { client } = testClient({ primaryUrl: server.url('ok@no credentials'), credentials: () => new Promise(() => undefined) });
    const started = performance.now();
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ name: 'TimeoutError' });
    const attemptMs = SHORT_POLICY.connectTimeoutMs + SHORT_POLICY.readTimeoutMs.default;
    expect(performance.now() - started).toBeLessThan(3 * (attemptMs + 100) + 2 * SHORT_POLICY.maxRetryWaitMs);
    expect(server.requestsOf('ok@no credentials')).toHaveLength(0);
  });
});

describe('a stream', () => {
  test('may be read slower than any limit: only the silence of the server counts', async () => {
    const { client } = testClient({ primaryUrl: server.url('ok@slow reader') });
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages: [] }));
    let events = 0;
    for await (const _event of stream!) {
      if (events === 0) await pause(SHORT_POLICY.readTimeoutMs.default + 300);
      events += 1;
    }
    expect(events).toBe(9);
  });

  test('may last longer than any limit while it lives', async () => {
    const { client } = testClient({ primaryUrl: server.url('slow-stream@long') });
    const started = performance.now();
    await expect(sendAndRead(client, 'ConverseStream')).resolves.toBe(9);
    expect(performance.now() - started).toBeGreaterThan(2 * SHORT_POLICY.readTimeoutMs.default);
  });

  test('that nobody reads does not end the process when it breaks', async () => {
    const { client } = testClient({ primaryUrl: server.url('reset-in-stream@unread') });
    await client.send(new ConverseStreamCommand({ modelId: MODEL, messages: [] }));
    await pause(SHORT_POLICY.readTimeoutMs.default + 100);
    client.destroy();
  });
});
