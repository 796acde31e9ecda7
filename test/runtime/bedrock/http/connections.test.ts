import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';
import { SHORT_POLICY, TestClient, testClient, TestClientOptions } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const clients: BedrockRuntime[] = [];
afterEach(async () => {
  clients.splice(0).forEach(client => client.destroy());
  // A connection that is still closing would be counted as one of the next test.
  while (server.connections > 0) await pause(10);
});

function newClient(options: TestClientOptions): TestClient {
  const made = testClient(options);
  clients.push(made.client);
  return made;
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
const together = async (client: BedrockRuntime, calls: number) =>
  Promise.all(Array.from({ length: calls }, async () => sendAndRead(client, 'Converse')));

describe('idle connections that the network has silently dropped', () => {
  test.each([1, 5])('cost a call one attempt, however many they are: %s', async idle => {
    const { client, ports } = newClient({ primaryUrl: server.url(`late-ok@dropped-${idle}`) });
    await together(client, idle);
    server.dropConnectionsSilently();
    ports.calls.length = 0;
    await sendAndRead(client, 'Converse');
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'success', attempts: 2 })]);
    ports.calls.length = 0;
    await together(client, idle);
    expect(ports.calls.map(({ attempts }) => attempts)).toEqual(Array(idle).fill(1));
  });

  test('cost each of many calls one attempt', async () => {
    const { client, ports } = newClient({ primaryUrl: server.url('late-ok@dropped-many') });
    await together(client, 20);
    server.dropConnectionsSilently();
    ports.calls.length = 0;
    await together(client, 20);
    expect(ports.calls.every(({ outcome, attempts }) => outcome === 'success' && Number(attempts) <= 2)).toBe(true);
  });
});

test.each(['reset-before-answer', 'no-answer', 'reset-in-body'])(
  'after %s the next attempt has a connection of its own making',
  async fault => {
    const { client } = newClient({ primaryUrl: server.url(`late-ok,late-ok,late-ok,${fault},ok@fresh`) });
    await together(client, 3);
    const accepted = server.accepted;
    await sendAndRead(client, 'Converse');
    expect(server.accepted - accepted).toBe(1);
  },
);

test('after an answer that was an error the connection is used again', async () => {
  const { client } = newClient({ primaryUrl: server.url('internal-error,ok@kept') });
  const accepted = server.accepted;
  await sendAndRead(client, 'Converse');
  expect(server.accepted - accepted).toBe(1);
});

test.each(['http1', 'tls'] as const)('an idle connection is closed before a network would drop it: %s', async port => {
  const policy = { ...SHORT_POLICY, keepAlive: { ...SHORT_POLICY.keepAlive, idleMs: 150 } };
  const { client } = newClient({ primaryUrl: server.url(`ok@idle ${port}`, port), policy, ca: server.certificate.cert });
  await sendAndRead(client, 'Converse');
  await pause(60);
  expect(server.connections).toBe(1);
  await sendAndRead(client, 'Converse');
  await pause(100);
  expect(server.connections).toBe(1);
  await pause(250);
  expect(server.connections).toBe(0);
});

test('a connection in use is not an idle one', async () => {
  const policy = { ...SHORT_POLICY, keepAlive: { ...SHORT_POLICY.keepAlive, idleMs: 50 } };
  const { client, ports } = newClient({ primaryUrl: server.url('ok,slow-start@busy'), policy });
  await sendAndRead(client, 'Converse');
  await sendAndRead(client, 'Converse');
  expect(ports.calls.map(({ attempts }) => attempts)).toEqual([1, 1]);
});
