import { GetAsyncInvokeCommand } from '@aws-sdk/client-bedrock-runtime';
import type { RegionalTwins } from '../../../../runtime/node/bedrock/client/model-route';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';
import { FALLBACK, MODEL, PRIMARY, SHORT_POLICY, testClient } from '../support/test-client';

let server: FaultyBedrockServer;
let cases = 0;

beforeAll(async () => { server = await FaultyBedrockServer.start(); });
afterAll(async () => server.stop());

/** A client whose primary Region plays one plan and whose fallback Region another. */
function regions(primary: string, fallback = 'ok', twins?: RegionalTwins) {
  cases += 1;
  const [primaryPlan, fallbackPlan] = [`${primary}@primary-${cases}`, `${fallback}@fallback-${cases}`];
  const { client, ports } = testClient({ primaryUrl: server.url(primaryPlan), fallbackUrl: server.url(fallbackPlan), twins });
  return {
    client,
    ports,
    requests: () => [server.requestsOf(primaryPlan).length, server.requestsOf(fallbackPlan).length],
    seenByFallback: () => server.requestsOf(fallbackPlan),
  };
}

const GUARDRAILS = {
  [PRIMARY]: { guardrailIdentifier: 'east1guard', guardrailVersion: '3' },
  [FALLBACK]: { guardrailIdentifier: 'west2guard', guardrailVersion: '7' },
};
const EAST_ARN = `arn:aws:bedrock:${PRIMARY}::foundation-model/${MODEL}`;

describe('a request that fails twice in the primary Region', () => {
  test.each([['no-answer', 'timeout'], ['throttle', 'throttle'], ['internal-error', 'error'], ['reset-before-answer', 'error']])(
    'by %s goes to the fallback Region, for reason %s', async (fault, reason) => {
      const { client, ports, requests } = regions(fault);
      await sendAndRead(client, 'Converse');
      expect(requests()).toEqual([2, 1]);
      expect(ports.fallbackCounts).toEqual([{ from_region: PRIMARY, to_region: FALLBACK, reason }]);
      expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'success', attempts: 3, region: FALLBACK })]);
    },
  );

  test('is logged with both Regions and the time it took to fail', async () => {
    const { client, ports } = regions('no-answer');
    await sendAndRead(client, 'Converse');
    const [line] = ports.fallbacks;
    expect(line).toEqual({ primary_region: PRIMARY, fallback_region: FALLBACK, latency_to_failure_ms: expect.any(Number) });
    expect(line.latency_to_failure_ms).toBeGreaterThanOrEqual(2 * SHORT_POLICY.readTimeoutMs.default);
  });

  test('is signed for the fallback Region and names the model there', async () => {
    const { client, seenByFallback } = regions('internal-error');
    await sendAndRead(client, 'Converse', { modelId: EAST_ARN });
    const [{ path, headers }] = seenByFallback();
    expect(headers.authorization).toContain(`/${FALLBACK}/bedrock/aws4_request`);
    expect(decodeURIComponent(path)).toContain(`/model/arn:aws:bedrock:${FALLBACK}::foundation-model/${MODEL}/converse`);
  });

  test('goes with the guardrail of the fallback Region: InvokeModel', async () => {
    const { client, seenByFallback, ports } = regions('internal-error', 'ok', { guardrails: GUARDRAILS });
    await client.invokeModel({ modelId: MODEL, body: '{}', ...GUARDRAILS[PRIMARY], trace: 'ENABLED' });
    expect(seenByFallback()[0].headers).toMatchObject({
      'x-amzn-bedrock-guardrailidentifier': 'west2guard', 'x-amzn-bedrock-guardrailversion': '7', 'x-amzn-bedrock-trace': 'ENABLED',
    });
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'success', region: FALLBACK })]);
  });

  test.each(['converse', 'converseStream'] as const)('goes with the guardrail of the fallback Region: %s', async operation => {
    const { client } = regions('internal-error', 'ok', { guardrails: GUARDRAILS });
    const sent: unknown[] = [];
    client.middlewareStack.add(next => async args => {
      sent.push(JSON.parse(new TextDecoder().decode((args.request as { body: Uint8Array }).body)).guardrailConfig);
      return next(args);
    }, { step: 'build' });
    await client[operation]({ modelId: MODEL, messages: [], guardrailConfig: { ...GUARDRAILS[PRIMARY], trace: 'enabled' } });
    expect(sent).toEqual(([PRIMARY, PRIMARY, FALLBACK] as const).map(region => ({ ...GUARDRAILS[region], trace: 'enabled' })));
  });

  test('names the application inference profile that the fallback Region has', async () => {
    const profile = (region: string) => `arn:aws:bedrock:${region}:111122223333:application-inference-profile/${region}abc`;
    const { client, seenByFallback } = regions('internal-error', 'ok', {
      models: { [PRIMARY]: profile(PRIMARY), [FALLBACK]: profile(FALLBACK) },
    });
    await sendAndRead(client, 'Converse', { modelId: profile(PRIMARY) });
    expect(decodeURIComponent(seenByFallback()[0].path)).toContain(profile(FALLBACK));
  });

  test('has one attempt left for both Regions together', async () => {
    const { client, ports, requests } = regions('internal-error', 'internal-error');
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ name: 'InternalServerException', $metadata: { attempts: 3 } });
    expect(requests()).toEqual([2, 1]);
    expect(ports.calls).toEqual([expect.objectContaining({ outcome: 'InternalServerException', attempts: 3 })]);
  });

  test('is one request to the service: the attempts share their id', async () => {
    const { client } = regions('internal-error');
    await sendAndRead(client, 'Converse');
    const attempts = server.seen.slice(-3).map(({ headers }) => [headers['amz-sdk-invocation-id'], headers['amz-sdk-request']]);
    expect(new Set(attempts.map(([id]) => id)).size).toBe(1);
    expect(attempts.map(([, attempt]) => attempt)).toEqual(['attempt=1; max=3', 'attempt=2; max=3', 'attempt=3; max=3']);
  });
});

describe('a request stays in the primary Region', () => {
  test('after one failure', async () => {
    const { client, ports, requests } = regions('internal-error,ok');
    await sendAndRead(client, 'Converse');
    expect(requests()).toEqual([2, 0]);
    expect(ports.fallbackCounts).toEqual([]);
  });

  test.each(['validation', 'access-denied', 'not-found', 'quota', 'expired-token'])('when it is refused: %s', async fault => {
    const { client, requests } = regions(fault);
    await expect(sendAndRead(client, 'Converse')).rejects.toThrow();
    expect(requests()).toEqual([1, 0]);
  });

  test('when it asks for something that exists only there', async () => {
    const { client, requests } = regions('internal-error');
    const invocationArn = `arn:aws:bedrock:${PRIMARY}:111122223333:async-invoke/abcdefghijkl`;
    await expect(client.send(new GetAsyncInvokeCommand({ invocationArn }))).rejects.toMatchObject({ name: 'InternalServerException' });
    expect(requests()).toEqual([3, 0]);
  });

  test('when it starts a job, which lives where it was started', async () => {
    const { client, requests } = regions('internal-error');
    const outputDataConfig = { s3OutputDataConfig: { s3Uri: 's3://bucket/prefix' } };
    await expect(client.startAsyncInvoke({ modelId: MODEL, modelInput: {}, outputDataConfig })).rejects.toMatchObject({
      name: 'InternalServerException',
    });
    expect(requests()).toEqual([3, 0]);
  });

  test('when it names a guardrail that has no twin', async () => {
    const { client, requests } = regions('internal-error', 'ok', { guardrails: GUARDRAILS });
    const guardrailConfig = { guardrailIdentifier: 'other', guardrailVersion: '1' };
    await expect(client.converse({ modelId: MODEL, messages: [], guardrailConfig })).rejects.toThrow();
    expect(requests()).toEqual([3, 0]);
  });

  test('when it names a profile of another geography', async () => {
    const { client, requests } = regions('internal-error');
    await expect(sendAndRead(client, 'Converse', { modelId: `eu.${MODEL}` })).rejects.toThrow();
    expect(requests()).toEqual([3, 0]);
  });

  test('when a stream has begun', async () => {
    const { client, requests } = regions('reset-in-stream');
    await expect(sendAndRead(client, 'ConverseStream')).rejects.toThrow();
    expect(requests()).toEqual([1, 0]);
  });
});

describe('after three fallbacks in a row', () => {
  const openCircuit = async (primary: string) => {
    const pair = regions(primary);
    for (let call = 0; call < SHORT_POLICY.circuit.fallbacksToOpen; call += 1) await sendAndRead(pair.client, 'Converse');
    return pair;
  };
  const failing = Array(6).fill('internal-error').join(',');
  const halfOpen = () => new Promise(resolve => setTimeout(resolve, SHORT_POLICY.circuit.openMs));

  test('new requests go straight to the fallback Region, and are counted', async () => {
    const { client, ports, requests } = await openCircuit(failing);
    await sendAndRead(client, 'Converse');
    expect(requests()).toEqual([6, 4]);
    expect(ports.fallbackCounts).toHaveLength(4);
    expect(ports.fallbackCounts[3]).toEqual({ from_region: PRIMARY, to_region: FALLBACK, reason: 'error' });
    expect(ports.calls[3]).toMatchObject({ attempts: 1, region: FALLBACK });
  });

  test('a probe finds the primary Region well and returns the requests to it', async () => {
    const { client, requests } = await openCircuit(`${failing},ok`);
    await halfOpen();
    await sendAndRead(client, 'Converse');
    await sendAndRead(client, 'Converse');
    expect(requests()).toEqual([8, 3]);
  });

  test('a probe that fails costs one attempt there, not two', async () => {
    const { client, requests } = await openCircuit(`${failing},internal-error`);
    await halfOpen();
    await sendAndRead(client, 'Converse');
    await sendAndRead(client, 'Converse');
    expect(requests()).toEqual([7, 5]);
  });

  test('a request that can only go to the primary Region still goes there', async () => {
    const { client, requests } = await openCircuit(`${failing},ok`);
    await sendAndRead(client, 'Converse', { modelId: `eu.${MODEL}` });
    expect(requests()).toEqual([7, 3]);
  });

  test('the primary Region is tried when the fallback Region fails too', async () => {
    const pair = regions(`${failing},ok`, 'ok,ok,ok,internal-error');
    for (let call = 0; call < 3; call += 1) await sendAndRead(pair.client, 'Converse');
    await sendAndRead(pair.client, 'Converse');
    expect(pair.requests()).toEqual([7, 5]);
  });
});

test('a stream that is open in the primary Region lives on while others fall back', async () => {
  const { client, ports, requests } = regions('slow-stream,internal-error');
  const open = sendAndRead(client, 'ConverseStream');
  await new Promise(resolve => setTimeout(resolve, 250));
  await Promise.all(Array.from({ length: 4 }, () => sendAndRead(client, 'Converse')));
  expect(ports.fallbackCounts).toHaveLength(4);
  await expect(open).resolves.toBe(9);
  expect(requests()).toEqual([9, 4]);
});

describe('an endpoint that the user names', () => {
  const variable = 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME';
  afterEach(() => { delete process.env[variable]; });

  test('is the only one there is: no request is rerouted', async () => {
    process.env[variable] = server.url('internal-error@pinned');
    const { client, ports } = testClient({ fallbackUrl: server.url('ok@pinned-fallback') });
    await expect(sendAndRead(client, 'Converse')).rejects.toMatchObject({ name: 'InternalServerException' });
    expect(server.requestsOf('internal-error@pinned')).toHaveLength(3);
    expect(ports.fallbackCounts).toEqual([]);
  });
});
