import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { testPrompts } from './support/test-prompts';
import { FakePromptRegistry } from '../../support/prompt-registry/fake-prompt-registry';
import { deployed, published, PublishedOptions } from '../../support/prompt-registry/signed-prompts';

let registry: FakePromptRegistry;
const saved = { ...process.env };
const ada = { variables: { name: 'Grace' } };

beforeEach(async () => { registry = await FakePromptRegistry.start(); });
afterEach(() => registry.stop());
afterAll(() => { process.env = saved; });

function serve(sequence: number, options: PublishedOptions = {}) {
  const prompt = published(options);
  registry.put(prompt);
  registry.deploy(deployed(prompt.release, { sequence }));
  return prompt;
}

const outcome = async (work: Promise<unknown>) => work.then(result => result, ({ code, cause }) => ({ code, reason: cause?.reason }));

test('a deployment that is put back is refused, and silence does not mend it: only a newer one does', async () => {
  const old = serve(1);
  const { prompts, ports } = testPrompts(registry);
  serve(2, { version: '1.1.0' });
  await prompts.get('greeting', ada);
  const refused = { code: 'INTERNAL_ERROR', reason: 'deployment_sequence' };
  for (const sequence of [1, 2]) {
    registry.deploy(deployed(old.release, { sequence }));
    ports.pass(60);
    expect(await outcome(prompts.get('greeting', ada))).toEqual(refused);
  }
  registry.items.clear();
  ports.pass(10);
  expect(await outcome(prompts.get('greeting', ada))).toEqual(refused);
  expect(ports.counted('PromptIntegrityFailureCount')).toBe(3);
  registry.moods.dynamodb = 'denying';
  ports.pass(10);
  expect(await outcome(prompts.get('greeting', ada))).toEqual(refused);
  registry.moods.dynamodb = 'well';
  serve(3, { version: '1.2.0' });
  ports.pass(10);
  expect(await prompts.get('greeting', ada)).toMatchObject({ version: '1.2.0', source: 'registry' });
});

test('an object that is overwritten under a running function is refused with its new deployment, by name in log and metric', async () => {
  serve(1);
  const { prompts, ports } = testPrompts(registry);
  await prompts.get('greeting', ada);
  const next = serve(2, { version: '1.1.0' });
  registry.put({ ...next, bytes: Buffer.from(next.bytes.toString().replace('Say hello', 'Be rude')) });
  ports.pass(60);
  expect(await outcome(prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'object_sha256' });
  expect(ports.lines.map(({ event, reason, prompt_id }) => [event, reason, prompt_id])).toEqual([
    ['promptIntegrityFailed', 'object_sha256', 'greeting'], ['promptUnavailable', 'object_sha256', 'greeting'],
  ]);
  expect([ports.counted('PromptIntegrityFailureCount'), ports.counted('PromptUnavailableCount')]).toEqual([1, 1]);
});

test('a candidate that was tampered with is refused to its sessions, and the active version is served to the others', async () => {
  const [active, candidate] = [published(), published({ version: '1.1.0', text: 'Hi {{name}}' })];
  registry.put(active);
  registry.put({ ...candidate, bytes: Buffer.from('{}') });
  registry.deploy(deployed(active.release, { candidate: { ...candidate.release, percent: 50 } }));
  const { prompts } = testPrompts(registry);
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) =>
    outcome(prompts.get('greeting', { ...ada, sessionKey: `s${index}` })) as Promise<{ version?: string; reason?: string }>));
  expect(new Set(outcomes.map(({ version, reason }) => version ?? reason))).toEqual(new Set(['1.0.0', 'object_sha256']));
});

describe('a prompt', () => {
  test('is what Converse is asked, with its cache points, and a caller can add to it', async () => {
    serve(1, { content: { cachePoints: [{ after: 1, ttl: '1h' }] } });
    const prompt = await testPrompts(registry).prompts.get('greeting', ada);
    prompt.converseInput().messages.push({ role: 'assistant', content: [{ text: 'Hello' }] });
    expect(prompt.converseInput()).toEqual({
      modelId: 'amazon.nova-pro-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Say hello to Grace.' }, { cachePoint: { type: 'default', ttl: '1h' } }] }],
      inferenceConfig: { maxTokens: 512 },
    });
    expect(prompt.cachePoints).toEqual([{ after: 1, ttl: '1h' }]);
  });

  test('whose cache points stand nowhere is refused, signed as it is', async () => {
    serve(1, { content: { cachePoints: [{ after: 2 }] } });
    expect(await outcome(testPrompts(registry).prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'document_shape' });
  });
});

describe('a file of prompts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prompts-file-'));
  const file = join(folder, 'prompts.json');
  writeFileSync(file, `[${published().bytes.toString()}]`);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('stands for the registry in a unit test', async () => {
    const { prompts } = testPrompts(registry, { env: { PLUMBLINE_PROMPTS_FILE: file } });
    expect(await prompts.get('greeting', ada)).toMatchObject({ source: 'file', messages: [{ role: 'user', text: 'Say hello to Grace.' }] });
    expect(registry.asked).toEqual([]);
    await expect(prompts.get('farewell', {})).rejects.toThrow('write it into');
  });

  test('is refused in a function of Lambda and in a container of ECS, and not in one of a pipeline', async () => {
    const get = (env: NodeJS.ProcessEnv) =>
      testPrompts(registry, { env: { PLUMBLINE_PROMPTS_FILE: file, ...env } }).prompts.get('greeting', ada);
    for (const env of [{ AWS_LAMBDA_FUNCTION_NAME: 'f' }, { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4' }]) {
      await expect(get(env)).rejects.toThrow('is for unit tests');
    }
    expect((await get({ ECS_CONTAINER_METADATA_URI: 'http://169.254.170.2/v3', CODEBUILD_BUILD_ID: 'b' })).source).toBe('file');
  });
});
