import * as sdk from '@aws-sdk/client-bedrock-runtime';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { MODEL, testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

const ARN = 'arn:aws:bedrock:us-east-1:111122223333:async-invoke/abcdefghijkl';
async function* nothing() { yield { chunk: { bytes: new Uint8Array(1) } }; }

type SendOne = (client: sdk.BedrockRuntimeClient) => Promise<{ $metadata: { httpStatusCode?: number } }>;

const COMMANDS: Readonly<Record<string, SendOne>> = {
  ApplyGuardrailCommand: async client =>
    client.send(new sdk.ApplyGuardrailCommand({ guardrailIdentifier: 'abc', guardrailVersion: '1', source: 'INPUT', content: [] })),
  ConverseCommand: async client => client.send(new sdk.ConverseCommand({ modelId: MODEL, messages: [] })),
  ConverseStreamCommand: async client => client.send(new sdk.ConverseStreamCommand({ modelId: MODEL, messages: [] })),
  CountTokensCommand: async client => client.send(new sdk.CountTokensCommand({ modelId: MODEL, input: { converse: { messages: [] } } })),
  GetAsyncInvokeCommand: async client => client.send(new sdk.GetAsyncInvokeCommand({ invocationArn: ARN })),
  InvokeGuardrailChecksCommand: async client => client.send(new sdk.InvokeGuardrailChecksCommand({ messages: [], checks: {} } as never)),
  InvokeModelCommand: async client => client.send(new sdk.InvokeModelCommand({ modelId: MODEL, body: '{}' })),
  InvokeModelWithBidirectionalStreamCommand: async client =>
    client.send(new sdk.InvokeModelWithBidirectionalStreamCommand({ modelId: MODEL, body: nothing() })),
  InvokeModelWithResponseStreamCommand: async client =>
    client.send(new sdk.InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: '{}' })),
  ListAsyncInvokesCommand: async client => client.send(new sdk.ListAsyncInvokesCommand({})),
  StartAsyncInvokeCommand: async client =>
    client.send(
      new sdk.StartAsyncInvokeCommand({
        modelId: MODEL,
        modelInput: {},
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://bucket/prefix' } },
      }),
    ),
};

test('every command of the SDK is here', () => {
  expect(Object.keys(sdk).filter(name => name.endsWith('Command') && !name.startsWith('$')).sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('the client has a method for each of them', async () => {
  const { client } = testClient({ primaryUrl: server.url('ok@method') });
  const methods = Object.keys(COMMANDS).map(name => name[0].toLowerCase() + name.slice(1, -'Command'.length));
  expect(methods.filter(method => typeof client[method as keyof typeof client] !== 'function')).toEqual([]);
  expect((await client.converse({ modelId: MODEL, messages: [] })).$metadata.httpStatusCode).toBe(200);
});

describe.each(Object.entries(COMMANDS))('%s', (name, send) => {
  const twoWay = name.includes('Bidirectional');

  test(`is answered, over HTTP/${twoWay ? '2' : '1.1'}`, async () => {
    const plan = `ok@${name}`;
    const { client, ports } = testClient({ primaryUrl: server.url(plan, 'tls'), ca: server.certificate.cert });
    expect((await send(client)).$metadata.httpStatusCode).toBe(200);
    expect(server.requestsOf(plan).map(({ httpVersion }) => httpVersion)).toEqual([twoWay ? '2.0' : '1.1']);
    expect(ports.calls).toHaveLength(1);
    client.destroy();
  });

  test(`${twoWay ? 'cannot be repeated: its input has been read' : 'is repeated within the budget'}`, async () => {
    const plan = `internal-error@${name}`;
    const { client } = testClient({ primaryUrl: server.url(plan, twoWay ? 'h2c' : 'http1') });
    await expect(send(client)).rejects.toMatchObject({ name: 'InternalServerException' });
    expect(server.requestsOf(plan)).toHaveLength(twoWay ? 1 : 3);
    client.destroy();
  });
});

test.each([
  ['makes no token of its own', {}, expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ['passes a token that is undefined', { clientRequestToken: undefined }, expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ['has a token of its own', { clientRequestToken: 'job-7' }, 'job-7'],
])('a job of a caller that %s is one job in all attempts', async (who, token, expected) => {
  const { client } = testClient({ primaryUrl: server.url(`internal-error,internal-error,ok@${who}`) });
  const tokens: unknown[] = [];
  client.middlewareStack.add(next => async args => {
    tokens.push(JSON.parse(new TextDecoder().decode((args.request as { body: Uint8Array }).body)).clientRequestToken);
    return next(args);
  }, { step: 'build' });
  const outputDataConfig = { s3OutputDataConfig: { s3Uri: 's3://bucket/prefix' } };
  await client.startAsyncInvoke({ modelId: MODEL, modelInput: {}, outputDataConfig, ...token });
  expect(tokens).toEqual([expected, tokens[0], tokens[0]]);
});

test('no other command has a token that each attempt would invent anew', () => {
  const IDEMPOTENCY_TOKEN = 4;
  const withToken = Object.entries(sdk)
    .filter(([name, schema]) => name.endsWith('Request$') && Array.isArray(schema))
    .filter(([, schema]) => (schema as unknown as unknown[][])[5]?.some(member => Array.isArray(member) && member[1] === IDEMPOTENCY_TOKEN))
    .map(([name]) => name);
  expect(withToken).toEqual(['StartAsyncInvokeRequest$']);
});

test('pages are read through the client', async () => {
  const { client } = testClient({ primaryUrl: server.url('ok@pages') });
  const pages = [];
  for await (const page of sdk.paginateListAsyncInvokes({ client }, {})) pages.push(page);
  expect(pages).toHaveLength(1);
});

test('a callback is called', async () => {
  const { client } = testClient({ primaryUrl: server.url('ok@callback') });
  const output = await new Promise((resolve, reject) => {
    const done = (error: unknown, data?: sdk.ConverseCommandOutput) => (error ? reject(error) : resolve(data));
    client.send(new sdk.ConverseCommand({ modelId: MODEL, messages: [] }), done);
  });
  expect(output).toMatchObject({ stopReason: 'end_turn' });
});
