import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import type { Operation } from '../support/commands';
import { sendAndRead } from '../support/commands';
import { testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

test.each<[string, Operation, string, string, number]>([
  ['an error with HTTP 200', 'Converse', 'error-with-200', 'ThrottlingException', 3],
  ['the wrong endpoint of AWS', 'Converse', 'unknown-operation', 'UnknownOperationException', 1],
  ['spaces with HTTP 200', 'InvokeModel', 'blank', 'ServiceUnavailableException', 3],
  ['HTTP 429 and no name', 'Converse', 'nameless-429', 'ThrottlingException', 3],
  ['HTTP 503 and no name', 'InvokeModel', 'nameless-503', 'ServiceUnavailableException', 3],
])('%s is told by a name that can be acted upon', async (_what, operation, fault, name, attempts) => {
  const { client, ports } = testClient({ primaryUrl: server.url(`${fault}@told-${fault}`) });
  try {
    await expect(sendAndRead(client, operation)).rejects.toMatchObject({ name });
    expect(ports.calls).toMatchObject([{ outcome: name, attempts }]);
  } finally {
    client.destroy();
  }
});
