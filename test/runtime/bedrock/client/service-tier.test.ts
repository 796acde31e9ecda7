import { createServer, Server } from 'http';
import { AddressInfo } from 'net';
import { text } from 'stream/consumers';
import vectors from '../../../../contract/vectors/service-tiers.json';
import { withServiceTier } from '../../../../src/contract/task-types';
import { testClient } from '../support/test-client';

interface TierCase {
  readonly name: string;
  readonly operation: string;
  readonly tier?: string;
  readonly input: object;
  readonly sent: object;
}

test.each(vectors.cases as readonly TierCase[])('$name', ({ operation, input, tier, sent }) => {
  expect(withServiceTier(operation, input, tier)).toEqual(sent);
});

describe('what leaves the client', () => {
  const seen: { readonly header?: string; readonly body: Record<string, unknown> }[] = [];
  let server: Server;
  let primaryUrl: string;
  beforeAll(async () => {
    server = createServer((request, response) => void text(request).then(body => {
      seen.push({ header: request.headers['x-amzn-bedrock-service-tier'] as string | undefined, body: JSON.parse(body) });
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    }));
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
    primaryUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => { seen.length = 0; });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => { server.close(resolve); });
  });
  const modelId = 'amazon.nova-lite-v1:0';

  test('is the tier of the task type', async () => {
    const { client } = testClient({ primaryUrl, serviceTier: 'flex' });
    await client.converse({ modelId, messages: [] });
    await client.invokeModel({ modelId, body: '{}' });
    expect(seen).toEqual([
      { header: undefined, body: expect.objectContaining({ serviceTier: { type: 'flex' } }) },
      { header: 'flex', body: {} },
    ]);
  });

  test('is what the call names, and nothing where neither names any', async () => {
    await testClient({ primaryUrl, serviceTier: 'flex' }).client.converse({ modelId, messages: [], serviceTier: { type: 'priority' } });
    await testClient({ primaryUrl }).client.converse({ modelId, messages: [] });
    expect(seen.map(({ body }) => body.serviceTier)).toEqual([{ type: 'priority' }, undefined]);
  });
});
