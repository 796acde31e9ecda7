import type { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import endpointCalls from '../../../contract/vectors/endpoint-calls.json';
import { withPrompt } from '../../../runtime/node/bedrock/client/prompt-context';
import { errorCodeOf } from '../../../runtime/node/envelope/error-mapping';
import type { CountedEndpointCall, SageMakerPorts } from '../../../runtime/node/sagemaker/ports';
import { SAGEMAKER_PORTS } from '../../../runtime/node/sagemaker/ports-of-runtime';
import { sageMakerClient } from '../../../runtime/node/sagemaker/sagemaker-client';
import { SageMakerClientFactory } from '../../../runtime/node/sagemaker/sagemaker-client-factory';
import { CapturedOutput } from '../../support/runtime-output';
import type { BehaviourName } from '../../support/sagemaker-fake/behaviours';
import { SageMakerFake } from '../../support/sagemaker-fake/sagemaker-fake';
import { CREDENTIALS, SHORT_POLICY, TASK_TYPE } from '../bedrock/support/test-client';

const TEXT = { EndpointName: 'text', ContentType: 'application/json', Body: JSON.stringify({ inputs: 'Sum up: …' }) };
const READ_MS = SHORT_POLICY.readTimeoutMs[TASK_TYPE];

class RecordingPorts implements SageMakerPorts {
  public readonly lines: Record<string, unknown>[] = [];
  public readonly invocations: CountedEndpointCall[] = [];
  public readonly throttlings: object[] = [];
  public remainingMs = Infinity;

  public remainingTimeMs(): number { return this.remainingMs; }
  public log(event: string, fields: Record<string, unknown>): void { this.lines.push({ event, ...fields }); }
  public countInvocation(dimensions: CountedEndpointCall): void { this.invocations.push(dimensions); }
  public countThrottling(dimensions: object): void { this.throttlings.push(dimensions); }
}

let fake: SageMakerFake;
let ports: RecordingPorts;
let client: SageMakerRuntime;

beforeAll(async () => { fake = await SageMakerFake.start({ text: 'falcon' }); });
afterAll(async () => fake.stop());
beforeEach(() => {
  ports = new RecordingPorts();
  client = clientWith(ports);
});
afterEach(() => client.destroy());

function clientWith(given: SageMakerPorts): SageMakerRuntime {
  const policy = { ...SHORT_POLICY, backoff: { ...SHORT_POLICY.backoff, baseMs: { timeout: 5, connection: 5, server: 5, throttling: 5 } } };
  const settings = { policy, ports: given, taskType: TASK_TYPE, region: 'us-east-1', readTimeoutMs: () => READ_MS };
  return sageMakerClient(settings, { endpoint: fake.url, credentials: CREDENTIALS });
}

interface Outcome { readonly name: string; readonly code: string; readonly attempts: number; readonly ms: number }

async function outcomeOf(...plan: [BehaviourName, ...BehaviourName[]]): Promise<Outcome> {
  fake.play(...plan);
  const started = performance.now();
  const told = await client.invokeEndpoint(TEXT).then(() => undefined, (error: Error) => error);
  const end = { attempts: fake.seen.length, ms: performance.now() - started };
  return told ? { name: told.name, code: errorCodeOf(told), ...end } : { name: 'success', code: 'success', ...end };
}

test('an answer comes through the SDK\'s own client, and is told once', async () => {
  fake.play('ok');
  const { Body, $metadata } = await client.invokeEndpoint({ ...TEXT, InferenceComponentName: 'copy' });
  expect([JSON.parse(Buffer.from(Body!).toString()), $metadata.attempts]).toEqual([[{ generated_text: expect.any(String) }], 1]);
  expect(ports.lines).toEqual([{
    event: 'sageMakerCall',
    operation: 'InvokeEndpoint',
    endpoint_name: 'text',
    inference_component: 'copy',
    task_type: TASK_TYPE,
    region: 'us-east-1',
    outcome: 'success',
    attempts: 1,
    latency_ms: expect.any(Number),
    client_version: expect.any(String),
    connect_timeout_ms: SHORT_POLICY.connectTimeoutMs,
    read_timeout_ms: READ_MS,
  }]);
  expect([ports.invocations, ports.throttlings]).toEqual([[{ endpoint_name: 'text', task_type: TASK_TYPE }], []]);
});

test('a call without the name of an endpoint counts as none', async () => {
  await expect(client.invokeEndpoint({ Body: 'x' } as never)).rejects.toThrow('EndpointName');
  expect([ports.invocations.length, ports.lines.length]).toEqual([0, 1]);
});

interface Case {
  readonly name: string;
  readonly operation: string;
  readonly behaviours: readonly string[];
  readonly waits: boolean;
  readonly outcome: string;
  readonly code: string;
  readonly attempts: number;
  readonly throttled: number;
  readonly lines: readonly object[];
}

const SENT: Readonly<Record<string, () => Promise<unknown>>> = {
  InvokeEndpoint: async () => client.invokeEndpoint(TEXT),
  InvokeEndpointWithResponseStream: async () => readAll(),
  InvokeEndpointAsync: async () => client.invokeEndpointAsync({ EndpointName: 'text', InputLocation: 's3://bucket/input.json' }),
};

async function readAll(): Promise<string> {
  let text = '';
  const { Body } = await client.invokeEndpointWithResponseStream(TEXT);
  for await (const { PayloadPart } of Body!) text += Buffer.from(PayloadPart!.Bytes!).toString();
  return text;
}

describe('a call of an endpoint ends as the contract says', () => {
  test.each(endpointCalls.cases as readonly Case[])('$name', async expected => {
    fake.play(...expected.behaviours as [BehaviourName, ...BehaviourName[]]);
    const told = await SENT[expected.operation]().then(() => undefined, (error: Error) => error);
    expect({ outcome: told?.name ?? 'success', code: told ? errorCodeOf(told) : 'success', attempts: fake.seen.length })
      .toEqual({ outcome: expected.outcome, code: expected.code, attempts: expected.attempts });
    expect(ports.throttlings).toEqual(Array.from({ length: expected.throttled }, () => ({ endpoint_name: 'text' })));
    expect(ports.invocations).toEqual([{ endpoint_name: 'text', task_type: TASK_TYPE }]);
    expect(ports.lines.map(({ event, outcome }) => ({ event, outcome }))).toEqual(expected.lines);
  });
});

describe('time', () => {
  test('each attempt ends with its read timeout, also where an answer comes byte by byte', async () => {
    const { ms } = await outcomeOf('drip');
    expect(ms).toBeGreaterThanOrEqual(3 * READ_MS - 10);
    expect(ms).toBeLessThan(3 * (READ_MS + SHORT_POLICY.connectTimeoutMs) + 2 * SHORT_POLICY.maxRetryWaitMs);
  });

  test('no attempt goes past what Lambda has left', async () => {
    ports.remainingMs = 700;
    const { ms, name } = await outcomeOf('no-answer');
    expect(name).toBe('TimeoutError');
    // A busy machine may be late with its timers; without the end that Lambda sets, three attempts take 1,500 ms.
    expect(ms).toBeLessThan(700 + 250);
    expect(ports.lines).toEqual([expect.objectContaining({ outcome: 'TimeoutError' })]);
  });

  test('errors name the service', async () => {
    fake.play('no-answer');
    await expect(client.invokeEndpoint(TEXT)).rejects.toThrow(/^No complete answer from Amazon SageMaker within \d+ ms\.$/);
    fake.play('reset');
    await expect(client.invokeEndpoint(TEXT)).rejects.toThrow('The connection to Amazon SageMaker failed (ECONNRESET).');
  });
});

test('what a container answered stands in the line, and nothing of what it said', async () => {
  await outcomeOf('model-refused');
  expect(ports.lines).toEqual([expect.objectContaining({ outcome: 'ModelError', original_status: 400 })]);
  expect(JSON.stringify(ports.lines)).not.toContain('bad request');
});

describe('a stream', () => {
  test('is read to its end, and told then', async () => {
    fake.play('ok');
    expect(await readAll()).toContain('generated_text');
    expect(ports.lines.map(({ event }) => event)).toEqual(['sageMakerCall', 'sageMakerStreamEnded']);
    expect(ports.lines[1]).toMatchObject({ outcome: 'success', time_to_first_part_ms: expect.any(Number) });
  });

  test('that is left is told as left', async () => {
    fake.play('ok');
    const { Body } = await client.invokeEndpointWithResponseStream(TEXT);
    for await (const _event of Body!) break;
    expect(ports.lines[1]).toMatchObject({ event: 'sageMakerStreamEnded', outcome: 'left' });
  });
});

test('an asynchronous invocation says where its answer will be', async () => {
  fake.play('ok');
  const accepted = await client.invokeEndpointAsync({ EndpointName: 'text', InputLocation: 's3://bucket/input.json' });
  expect(accepted.OutputLocation).toMatch(/^s3:/);
});

describe('in a function', () => {
  const output = CapturedOutput.install();

  test('the line of a call names the prompt that is in use', async () => {
    fake.play('ok');
    const ofFunction = clientWith(SAGEMAKER_PORTS);
    await withPrompt({ promptId: 'blurb', promptVersion: '1.2.0', promptHash: 'ab12' }, () => ofFunction.invokeEndpoint(TEXT));
    ofFunction.destroy();
    expect(output.events('sagemaker_call')).toMatchObject([{ prompt_id: 'blurb', prompt_version: '1.2.0', prompt_hash: 'ab12' }]);
  });
});

describe('the factory', () => {
  test('gives one client a task type', () => {
    const create = (taskType: 'synthesis' | 'embedding') => SageMakerClientFactory.create({ taskType });
    expect(create('synthesis')).toBe(create('synthesis'));
    expect(create('synthesis')).not.toBe(create('embedding'));
  });

  test('tells in its own name of a Region that does not exist', () => {
    process.env.AWS_REGION = 'atlantis';
    try {
      expect(() => SageMakerClientFactory.create({ taskType: 'embedding' })).toThrow(/SageMakerClientFactory\.create.*Region/s);
    } finally {
      delete process.env.AWS_REGION;
    }
  });

  test('refuses a task type that the standard does not know', () => {
    expect(() => SageMakerClientFactory.create({ taskType: 'haiku' as never })).toThrow(/SageMakerClientFactory\.create.*task type/s);
  });
});
