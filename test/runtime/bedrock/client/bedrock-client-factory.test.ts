import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { BedrockClientFactory } from '../../../../runtime/node/bedrock/client/bedrock-client-factory';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { BEDROCK_CLIENT_VERSION } from '../../../../runtime/node/bedrock/client/client-version';
import { withPrompt } from '../../../../runtime/node/bedrock/client/prompt-context';
import type { BedrockClientProps } from '../../../../runtime/node/bedrock/client/standard-clients';
import { newInvocation, withInvocation } from '../../../../runtime/node/telemetry/invocation';
import { PROMPT_REGISTRY } from '../../../../src/contract/data';
import { FaultyBedrockServer } from '../../../support/faulty-bedrock-server/faulty-bedrock-server';
import { sendAndRead } from '../support/commands';

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  PLUMBLINE_PRODUCT: 'MangaAssist',
  PLUMBLINE_SERVICE_NAME: 'chat',
  PLUMBLINE_ENVIRONMENT: 'prod',
};

beforeAll(() => { Object.assign(process.env, environment); });
afterAll(() => { for (const name of Object.keys(environment)) delete process.env[name]; });

describe('the factory gives', () => {
  test('the same client for the same task type and Regions', () => {
    const client = BedrockClientFactory.create({ taskType: 'synthesis' });
    expect(BedrockClientFactory.create({ taskType: 'synthesis' })).toBe(client);
    expect(BedrockClientFactory.create({ taskType: 'synthesis', region: 'us-east-1', allowCrossRegion: false })).toBe(client);
  });

  test.each<[string, BedrockClientProps]>([
    ['task type', { taskType: 'embedding' }],
    ['Region', { taskType: 'synthesis', region: 'eu-west-1' }],
    ['fallback', { taskType: 'synthesis', allowCrossRegion: true }],
  ])('another client for another %s', (_what, props) => {
    expect(BedrockClientFactory.create(props)).not.toBe(BedrockClientFactory.create({ taskType: 'synthesis' }));
  });

  test.each(Object.keys(STANDARD_POLICY.readTimeoutMs))('a client for task type %s', taskType => {
    expect(BedrockClientFactory.create({ taskType } as BedrockClientProps)).toBeDefined();
  });

  test.each(['haiku', '', 'toString', undefined, 15_000])(
    'no client for task type %s, and an error that names those there are',
    taskType => {
      const create = () => BedrockClientFactory.create({ taskType } as unknown as BedrockClientProps);
      expect(create).toThrow(/task type is not in the standard[^]*given:[^]*"synthesis", "classification"[^]*fix:/);
    },
  );
});

test.each(['false', 'true', 0, 1])('an allowCrossRegion of %p is refused: the text of a variable is no yes', allowCrossRegion => {
  const create = () => BedrockClientFactory.create({ taskType: 'synthesis', allowCrossRegion } as unknown as BedrockClientProps);
  expect(create).toThrow(/allowCrossRegion is no boolean[^]*fix:/);
});

test.each([undefined, null])('props of %s are told as a missing task type', props => {
  expect(() => BedrockClientFactory.create(props as unknown as BedrockClientProps)).toThrow(/task type is not in the standard/);
});

describe('of props for two Regions', () => {
  const guardrail = (name: string) => ({ guardrailIdentifier: name, guardrailVersion: '1' });
  const props: BedrockClientProps = {
    taskType: 'synthesis', allowCrossRegion: true, guardrailByRegion: { 'us-east-1': guardrail('east'), 'us-west-2': guardrail('west') },
  };

  test('equal ones give the same client, in whichever order', () => {
    const turned = { ...props, guardrailByRegion: { 'us-west-2': guardrail('west'), 'us-east-1': guardrail('east') } };
    expect(BedrockClientFactory.create(turned)).toBe(BedrockClientFactory.create(props));
    expect(BedrockClientFactory.create({ ...props, guardrailByRegion: undefined })).not.toBe(BedrockClientFactory.create(props));
  });

  test.each([
    ['guardrailByRegion', { guardrailByRegion: { 'us-east-1': guardrail('east') } }, 'us-west-2'],
    ['modelByRegion', { modelByRegion: { 'us-west-2': 'x', 'eu-west-1': 'y' } }, 'us-east-1'],
  ])('%s with one of them missing is refused, with an error that names it', (prop, partial, missing) => {
    expect(() => BedrockClientFactory.create({ ...props, ...partial })).toThrow(
      new RegExp(`${prop} does not name both[^]*fix: +add ${missing}`),
    );
  });

  test('count for nothing in a client that does not fall back', () => {
    const alone = { taskType: 'synthesis', guardrailByRegion: { 'us-east-1': guardrail('east') } } as const;
    expect(BedrockClientFactory.create(alone)).toBe(BedrockClientFactory.create({ taskType: 'synthesis' }));
  });
});

test('a caller that asks for ever new clients does not fill the memory: the one asked for longest ago goes', () => {
  const first = BedrockClientFactory.create({ taskType: 'embedding_batch' });
  const often = BedrockClientFactory.create({ taskType: 'classification' });
  for (let client = 0; client < STANDARD_POLICY.maxClients; client += 1) {
    const modelByRegion = { 'us-east-1': `east-${client}`, 'us-west-2': `west-${client}` };
    BedrockClientFactory.create({ taskType: 'synthesis', allowCrossRegion: true, modelByRegion });
    expect(BedrockClientFactory.create({ taskType: 'classification' })).toBe(often);
  }
  expect(BedrockClientFactory.create({ taskType: 'embedding_batch' })).not.toBe(first);
});

describe('a call through the factory', () => {
  let server: FaultyBedrockServer;
  beforeAll(async () => { server = await FaultyBedrockServer.start(); });
  afterAll(async () => server.stop());
  afterEach(() => { delete process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME; });

  test('leaves its log line and its metrics in the words of the contract', async () => {
    process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME = server.url('throttle,ok@factory');
    const lines: Record<string, unknown>[] = [];
    const keep = (text: string | Uint8Array) => {
      lines.push(...String(text).split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Record<string, unknown>));
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(keep as never);
    for (const level of ['log', 'info', 'warn'] as const) jest.spyOn(console, level).mockImplementation(keep as never);
    const prompt = { promptId: 'recommend', promptVersion: '1.2.0', promptHash: 'a'.repeat(64) };
    const client = BedrockClientFactory.create({ taskType: 'classification', region: 'us-east-2' });
    const invocation = newInvocation('EVENT', {}, { awsRequestId: 'r-1' });
    await withInvocation(invocation, () => withPrompt(prompt, async () => sendAndRead(client, 'Converse')));
    jest.restoreAllMocks();

    expect(lines.filter(({ event }) => event === 'bedrock_call')).toEqual([expect.objectContaining({
      operation: 'Converse',
      task_type: 'classification',
      region: 'us-east-2',
      attempts: 2,
      outcome: 'success',
      connect_timeout_ms: 2_000,
      read_timeout_ms: 15_000,
      bedrock_client_version: BEDROCK_CLIENT_VERSION,
      prompt_id: 'recommend',
      prompt_version: '1.2.0',
      prompt_hash: 'a'.repeat(64),
      service_name: 'chat',
      environment: 'prod',
      request_id: 'r-1',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })]);
    // What FACTS want in each line, by which `history` finds the version that answered.
    const written = Object.keys(lines.find(({ event }) => event === 'bedrock_call')!);
    expect(written).toEqual(expect.arrayContaining([...PROMPT_REGISTRY.callLogFields]));
    expect(lines.find(line => 'InvocationCount' in line)).toMatchObject({
      InvocationCount: expect.anything(),
      task_type: 'classification',
    });
    expect(lines.find(line => 'ThrottlingCount' in line)).toMatchObject({ service_name: 'chat' });
  });
});

test('the client for AppConfig is not loaded where the function has none', () => {
  const factory = join(__dirname, '../../../../runtime/node/bedrock/client/bedrock-client-factory.ts');
  const script = `
    const { BedrockClientFactory } = require(${JSON.stringify(factory)});
    BedrockClientFactory.create({ taskType: 'synthesis' });
    setTimeout(() => console.log(Object.keys(require.cache).some(file => file.includes('client-appconfigdata'))), 50);
  `;
  const output = execFileSync(process.execPath, ['--no-warnings', '-r', 'tsx/cjs', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  expect(output.trim().split('\n').pop()).toBe('false');
});
