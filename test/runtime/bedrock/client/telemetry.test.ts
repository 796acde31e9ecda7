import { ApplyGuardrailCommand, ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { BEDROCK_CLIENT_VERSION } from '../../../../runtime/node/bedrock/client/client-version';
import { withRequestMetadata } from '../../../../runtime/node/bedrock/client/request-metadata';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';
import { MODEL, PRIMARY, SHORT_POLICY, TASK_TYPE, testClient } from '../support/test-client';

let server: FaultyBedrockServer;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

describe('every call tells', () => {
  test('what it was, how it went, and the limits it had', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@log') });
    await sendAndRead(client, 'Converse');
    expect(ports.calls).toEqual([{
      'operation': 'Converse',
      'model_id': MODEL,
      'task_type': TASK_TYPE,
      'region': PRIMARY,
      'outcome': 'success',
      'attempts': 1,
      'latency_ms': expect.any(Number),
      'bedrock_client_version': BEDROCK_CLIENT_VERSION,
      'connect_timeout_ms': SHORT_POLICY.connectTimeoutMs,
      'read_timeout_ms': SHORT_POLICY.readTimeoutMs[TASK_TYPE],
      'input_tokens': 3,
      'output_tokens': 5,
      'stop_reason': 'end_turn',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.provider.name': 'aws.bedrock',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': MODEL,
    }]);
    expect(ports.usages).toEqual([{ inputTokens: 3, outputTokens: 5, stopReason: 'end_turn', model_id: MODEL, task_type: TASK_TYPE }]);
  });

  test('what a stream used, once it has ended, and how long its reader waited for the first token', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@stream usage') });
    await sendAndRead(client, 'ConverseStream');
    expect(ports.calls[0]).not.toHaveProperty('input_tokens');
    expect(ports.streams).toEqual([expect.objectContaining({
      operation: 'ConverseStream',
      model_id: MODEL,
      outcome: 'success',
      time_to_first_token_ms: expect.any(Number),
      input_tokens: 3,
      stop_reason: 'end_turn',
    })]);
    expect(ports.usages.slice(1))
      .toEqual([expect.objectContaining({ inputTokens: 3, outputTokens: 5, timeToFirstTokenMs: expect.any(Number) })]);
  });

  test('that the reader of a stream left', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@stream left') });
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: MODEL, messages: [] }));
    for await (const event of stream!) if (event.contentBlockDelta) break;
    expect(ports.streams).toEqual([expect.objectContaining({ outcome: 'left', time_to_first_token_ms: expect.any(Number) })]);
    expect(ports.streams[0]).not.toHaveProperty('stop_reason');
  });

  test('the count of requests to the model, with the dimension that bypass detection looks for', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@count') });
    await sendAndRead(client, 'ConverseStream');
    expect(ports.invocations).toEqual([{ model_id: MODEL, task_type: TASK_TYPE, bedrock_client_version: BEDROCK_CLIENT_VERSION }]);
  });

  test('each of its attempts that was throttled, and no other', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('throttle,throttle,ok@count') });
    await sendAndRead(client, 'Converse');
    await sendAndRead(client, 'Converse');
    expect(ports.throttlings).toEqual([{ model_id: MODEL }, { model_id: MODEL }]);
  });

  test('that it failed, by the name of the error and without its text', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('validation@log') });
    await expect(sendAndRead(client, 'Converse')).rejects.toThrow('by order of the test');
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'ValidationException', attempts: 1 })]);
    expect(JSON.stringify(ports.calls)).not.toContain('by order of the test');
  });

  test('the model by the id the caller gave, also when it was translated', async () => {
    const modelId = `arn:aws:bedrock:${PRIMARY}::foundation-model/${MODEL}`;
    const { client, ports } = testClient({ primaryUrl: server.url('internal-error@log'), fallbackUrl: server.url('ok@log translated') });
    await sendAndRead(client, 'Converse', { modelId });
    expect(ports.invocations).toEqual([expect.objectContaining({ model_id: modelId })]);
  });
});

test('a call without a model is logged and not counted as one to a model', async () => {
  const { client, ports } = testClient({ primaryUrl: server.url('ok@guardrail') });
  await client.send(new ApplyGuardrailCommand({ guardrailIdentifier: 'abc', guardrailVersion: '1', source: 'INPUT', content: [] }));
  expect(ports.calls).toEqual([expect.objectContaining({ operation: 'ApplyGuardrail', outcome: 'success' })]);
  expect(ports.calls[0]).not.toHaveProperty('model_id');
  expect([ports.invocations, ports.throttlings]).toEqual([[], []]);
});

test.each([
  ['stream-throttled', 'ThrottlingException', 1],
  ['stream-internal-error', 'InternalServerException', 0],
  ['stall-in-stream', 'TimeoutError', 0],
])('a stream that breaks off by %s is told as such', async (fault, outcome, throttlings) => {
  const { client, ports } = testClient({ primaryUrl: server.url(`${fault}@told`) });
  await expect(sendAndRead(client, 'ConverseStream')).rejects.toMatchObject({ name: outcome });
  expect(ports.warnings).toEqual([
    { event: 'bedrockStreamFailed', operation: 'ConverseStream', model_id: MODEL, outcome, latency_ms: expect.any(Number) },
  ]);
  expect(ports.throttlings).toHaveLength(throttlings);
});

test('the answer tells its attempts and waits as the SDK does', async () => {
  const { client } = testClient({ primaryUrl: server.url('internal-error,ok@metadata') });
  const { $metadata } = await client.send(new ConverseCommand({ modelId: MODEL, messages: [] }));
  expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 2, totalRetryDelay: expect.any(Number) });
});

describe('AWS\'s own invocation log is told who asked', () => {
  const OWN = { service_name: 'chat', environment: 'prod', prompt_id: 'greeting' };
  const HEADER = 'x-amzn-bedrock-request-metadata';

  test('by a header of InvokeModel, beside what the caller says', async () => {
    const { client, ports } = testClient({ primaryUrl: server.url('ok@metadata header') });
    ports.metadata = OWN;
    await client.send(new InvokeModelCommand({ modelId: MODEL, body: '{}', requestMetadata: '{"team":"a","service_name":"forged"}' }));
    const [{ headers }] = server.requestsOf('ok@metadata header');
    expect(JSON.parse(String(headers[HEADER]))).toEqual({ ...OWN, team: 'a' });
  });

  test.each<[string, string, object, unknown]>([
    ['a field of Converse', 'Converse', {}, OWN],
    ['what the caller says stays', 'ConverseStream', { requestMetadata: { team: 'a' } }, { team: 'a', ...OWN }],
    ['of too many the caller\'s stay', 'Converse', { requestMetadata: manyEntries(15) }, { ...manyEntries(15), service_name: 'chat' }],
    ['what is none is the caller\'s to be told of', 'InvokeModel', { requestMetadata: '[' }, '['],
    ['other operations have none', 'ApplyGuardrail', {}, undefined],
  ])('%s', (_name, operation, input, expected) => {
    expect(withRequestMetadata(operation, input as { requestMetadata?: unknown }, OWN).requestMetadata).toEqual(expected);
  });

  test('characters that Bedrock refuses are replaced, and texts cut', () => {
    const own = { service_name: `é👋"${'x'.repeat(300)}` };
    const { requestMetadata } = withRequestMetadata<{ requestMetadata?: unknown }>('Converse', {}, own);
    expect(requestMetadata).toEqual({ service_name: `___${'x'.repeat(253)}` });
  });

  function manyEntries(count: number): Record<string, string> {
    return Object.fromEntries(Array.from({ length: count }, (_value, index) => [`key${index}`, 'x']));
  }
});
