import { generateKeyPairSync } from 'crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { testPrompts } from './support/test-prompts';
import { currentPrompt } from '../../../runtime/node/bedrock/client/prompt-context';
import { FakePromptRegistry, RegistryMood, RegistryService } from '../../support/prompt-registry/fake-prompt-registry';
import { deployed, itemOf, published, PublishedOptions, sha256 } from '../../support/prompt-registry/signed-prompts';

let registry: FakePromptRegistry;
const saved = { ...process.env };

beforeEach(async () => { registry = await FakePromptRegistry.start(); });
afterEach(() => registry.stop());
afterAll(() => { process.env = saved; });

const ada = { variables: { name: 'Grace' } };
const serve = (options: PublishedOptions = {}, sequence = 1) => {
  const prompt = published(options);
  registry.put(prompt);
  registry.deploy(deployed(prompt.release, { sequence }));
  return prompt;
};
const outcome = async (work: Promise<unknown>) => work.then(result => result, ({ code, cause }) => ({ code, reason: cause?.reason }));

describe('a prompt of the registry', () => {
  test('is what was signed, with its variables filled', async () => {
    const { release } = serve();
    const prompt = await testPrompts(registry).prompts.get('greeting', ada);
    expect(prompt).toMatchObject({
      id: 'greeting',
      version: '1.0.0',
      source: 'registry',
      model: 'amazon.nova-pro-v1:0',
      parameters: { maxTokens: 512 },
      messages: [{ role: 'user', text: 'Say hello to Grace.' }],
      templateHash: release.template_hash,
      promptHash: sha256('Say hello to Grace.'),
    });
    expect(registry.asked.sort()).toEqual(['dynamodb', 'kms', 's3']);
  });

  test('names itself in the log of every call made with it', async () => {
    const { release } = serve();
    const prompt = await testPrompts(registry).prompts.get('greeting', ada);
    expect(prompt.run(currentPrompt)).toEqual({
      prompt_id: 'greeting', prompt_version: '1.0.0', prompt_hash: prompt.promptHash, template_hash: release.template_hash,
    });
  });

  test('is read once by many callers, and not again while it is fresh', async () => {
    serve();
    const { prompts, ports } = testPrompts(registry);
    await Promise.all(Array.from({ length: 50 }, () => prompts.get('greeting', ada)));
    ports.pass(59);
    await prompts.get('greeting', ada);
    expect(registry.asked.sort()).toEqual(['dynamodb', 'kms', 's3']);
    expect(ports.counts).toEqual([['PromptIntegrityFailureCount', 0]]);
  });

  test('is the new version a minute later; its document alone is read', async () => {
    serve();
    const { prompts, ports } = testPrompts(registry);
    await prompts.get('greeting', ada);
    serve({ version: '1.1.0', text: 'Greet {{name}}.' }, 2);
    ports.pass(60);
    registry.asked.length = 0;
    expect((await prompts.get('greeting', ada)).version).toBe('1.1.0');
    ports.pass(60);
    await prompts.get('greeting', ada);
    expect(registry.asked).toEqual(['dynamodb', 's3', 'dynamodb']);
  });

  test('cannot be changed by one caller for the next', async () => {
    serve();
    const { prompts } = testPrompts(registry);
    const prompt = await prompts.get('greeting', ada);
    expect(() => { (prompt.parameters as Record<string, unknown>).maxTokens = 1; }).toThrow('read only');
  });

  test('is the candidate for its share of the sessions, the same one for each', async () => {
    const [active, candidate] = [published(), published({ version: '1.1.0', text: 'Hi {{name}}' })];
    [active, candidate].forEach(prompt => registry.put(prompt));
    registry.deploy(deployed(active.release, { candidate: { ...candidate.release, percent: 10 } }));
    const { prompts } = testPrompts(registry);
    const versionOf = async (sessionKey?: string) => (await prompts.get('greeting', { ...ada, sessionKey })).version;
    const versions = await Promise.all(Array.from({ length: 500 }, (_, index) => versionOf(`s${index}`)));
    const share = versions.filter(version => version === '1.1.0').length;
    expect(share).toBeGreaterThan(25);
    expect(share).toBeLessThan(85);
    expect(await Promise.all(Array.from({ length: 500 }, (_, index) => versionOf(`s${index}`)))).toEqual(versions);
    expect(await versionOf()).toBe('1.0.0');
  });
});

describe('values', () => {
  const get = async (variables: Record<string, string>, options: PublishedOptions = {}) => {
    serve(options);
    return testPrompts(registry).prompts.get('greeting', { variables });
  };

  test.each([
    ['missing', {}, 'no value is given for name'],
    ['unknown', { name: 'Ada', tone: 'kind' }, 'it has no variable tone'],
    ['no text', { name: 7 as unknown as string }, 'the value of name is no text'],
    ['inherited', Object.create({ name: 'Ada' }) as Record<string, string>, 'no value is given for name'],
  ])('that are %s are a mistake of the code, told without the values', async (_name, variables, told) => {
    const error = await get(variables).catch((thrown: Error) => thrown) as Error;
    expect(error.message).toContain(told);
    expect(error.message).not.toContain('kind');
    expect(error).not.toHaveProperty('code');
  });

  test('longer than the budget of tokens was proven for are refused, counted in characters', async () => {
    const variables = { name: { sample: 'Ada', maxLength: 3 } };
    expect((await get({ name: '🙂🙂🙂' }, { variables })).messages[0].text).toBe('Say hello to 🙂🙂🙂.');
    await expect(get({ name: '🙂🙂🙂🙂' }, { variables })).rejects.toMatchObject({ code: 'CONTEXT_TOO_LARGE' });
  });

  test('are put in as they are, and not looked at again', async () => {
    const prompt = await get({ name: '{{name}} <b> $& {{{{' }, { text: '{{{{ {{ name }} }}' });
    expect(prompt.messages[0].text).toBe('{{ {{name}} <b> $& {{{{ }}');
  });
});

describe('while the registry is away', () => {
  const MOODS: RegistryMood[] = ['never', 'throttling', 'failing', 'denying', 'breaking off', 'dripping'];

  test.each(MOODS)('(%s) a prompt is served for five minutes after it was read, told as stale, and then no more', async mood => {
    serve();
    const { prompts, ports } = testPrompts(registry);
    await prompts.get('greeting', ada);
    registry.moods.dynamodb = mood;
    ports.pass(299);
    expect((await prompts.get('greeting', ada)).source).toBe('stale');
    expect(ports.lines).toEqual([expect.objectContaining({ event: 'promptStale', prompt_id: 'greeting', prompt_version: '1.0.0' })]);
    ports.pass(1);
    expect(await outcome(prompts.get('greeting', ada))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect([ports.counted('PromptStaleCount'), ports.counted('PromptUnavailableCount')]).toEqual([1, 1]);
  });

  test.each((['dynamodb', 's3', 'kms'] as RegistryService[]).flatMap(service => MOODS.map(mood => [service, mood] as const)))(
    'a cold start ends in time when %s is %s', async (service, mood) => {
      serve();
      registry.moods[service] = mood;
      const { prompts } = testPrompts(registry);
      const begin = performance.now();
      expect(await outcome(prompts.get('greeting', ada))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
      expect(performance.now() - begin).toBeLessThan(2_000);
    });

  test('no caller waits for it again within ten seconds', async () => {
    serve();
    registry.moods.dynamodb = 'denying';
    const { prompts, ports } = testPrompts(registry);
    await outcome(prompts.get('greeting', ada));
    const asked = registry.asked.length;
    ports.pass(9);
    await outcome(prompts.get('greeting', ada));
    expect(registry.asked).toHaveLength(asked);
    registry.moods.dynamodb = 'well';
    ports.pass(1);
    expect((await prompts.get('greeting', ada)).source).toBe('registry');
  });

  test('nobody waits longer than the function has', async () => {
    serve();
    registry.moods.dynamodb = 'never';
    const { prompts, ports } = testPrompts(registry);
    ports.remainingMs = 100;
    const begin = performance.now();
    expect(await outcome(prompts.get('greeting', ada))).toMatchObject({ code: 'MODEL_UNAVAILABLE', reason: 'slow' });
    expect(performance.now() - begin).toBeLessThan(400);
  });

  test('a slow answer is awaited, and one under way is not asked for twice', async () => {
    serve();
    registry.moods.dynamodb = 'slowly';
    const { prompts, ports } = testPrompts(registry);
    expect((await prompts.get('greeting', ada)).source).toBe('registry');
    ports.pass(60);
    expect((await prompts.get('greeting', ada)).source).toBe('stale');
    expect((await prompts.get('greeting', ada)).source).toBe('stale');
    await new Promise(resolve => setTimeout(resolve, 350));
    expect((await prompts.get('greeting', ada)).source).toBe('registry');
    expect(registry.asked.filter(service => service === 'dynamodb')).toHaveLength(2);
  });

  test('a question that a freeze has made old is asked anew, and its old answer counts for nothing', async () => {
    serve();
    registry.moods.dynamodb = 'slowly';
    const { prompts, ports } = testPrompts(registry);
    const frozen = outcome(prompts.get('greeting', ada));
    ports.pass(600);
    serve({ version: '2.0.0' }, 2);
    expect((await prompts.get('greeting', ada)).version).toBe('2.0.0');
    await frozen;
    expect(ports.counted('PromptIntegrityFailureCount')).toBe(0);
  });
});

describe('a revoked version', () => {
  test('is not served stale, also when the one that follows cannot be read', async () => {
    const old = serve();
    const { prompts, ports } = testPrompts(registry);
    await prompts.get('greeting', ada);
    const next = published({ version: '1.1.0', text: 'Good day, {{name}}.' });
    registry.deploy(deployed(next.release, { sequence: 2, revoked: [old.release.template_hash] }));
    registry.moods.s3 = 'failing';
    ports.pass(60);
    expect(await outcome(prompts.get('greeting', ada))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(ports.counted('PromptStaleCount')).toBe(0);
  });

  test('that is still deployed is refused', async () => {
    const prompt = published();
    registry.put(prompt);
    registry.deploy(deployed(prompt.release, { revoked: [prompt.release.template_hash] }));
    expect(await outcome(testPrompts(registry).prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'revoked' });
  });

  test('that is the candidate gives way to the active one', async () => {
    const [active, candidate] = [published(), published({ version: '1.1.0', text: 'Hi {{name}}' })];
    registry.put(active);
    const revoked = [candidate.release.template_hash];
    registry.deploy(deployed(active.release, { candidate: { ...candidate.release, percent: 99 }, revoked }));
    expect((await testPrompts(registry).prompts.get('greeting', { ...ada, sessionKey: 's' })).version).toBe('1.0.0');
  });
});

describe('the copy in the code', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'bundled-')); });
  afterEach(() => rmSync(folder, { recursive: true }));
  const withCopy = (templateHash: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, 'greeting.json'), bytes);
    const settings = { prompts: { greeting: { bundled: 'greeting.json', templateHash } } };
    return testPrompts(registry, { settings, env: { LAMBDA_TASK_ROOT: folder } });
  };

  test('stands in on a cold start when the registry is away, and the log and a metric say so', async () => {
    const { bytes, release } = published();
    registry.moods.dynamodb = 'denying';
    const { prompts, ports } = withCopy(release.template_hash, bytes);
    const messages = [{ role: 'user', text: 'Say hello to Grace.' }];
    expect(await prompts.get('greeting', ada)).toMatchObject({ source: 'bundled', version: '1.0.0', messages });
    const { template_hash } = release;
    expect(ports.lines).toEqual([expect.objectContaining({ event: 'promptBundled', prompt_version: '1.0.0', template_hash })]);
    expect(ports.counted('PromptBundledCount')).toBe(1);
  });

  test('that is not the pinned one is refused', async () => {
    const { bytes, release } = published();
    registry.moods.dynamodb = 'denying';
    const edited = Buffer.from(bytes.toString().replace('Say hello', 'Be rude'));
    const { prompts } = withCopy(release.template_hash, edited);
    expect(await outcome(prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'bundled_hash' });
  });

  test('does not stand in for another version than the deployed one', async () => {
    const old = published();
    const next = published({ version: '2.0.0', text: 'Welcome {{name}}' });
    registry.deploy(deployed(next.release));
    registry.moods.s3 = 'failing';
    const { prompts } = withCopy(old.release.template_hash, old.bytes);
    expect(await outcome(prompts.get('greeting', ada))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect((await withCopy(next.release.template_hash, next.bytes).prompts.get('greeting', ada)).source).toBe('bundled');
  });

  test('does not stand in for what is not what was signed', async () => {
    const { bytes, release } = published();
    registry.deploy(deployed(release, { key: null }));
    const { prompts } = withCopy(release.template_hash, bytes);
    expect(await outcome(prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'deployment_signature' });
  });
});

describe('where nothing is signed', () => {
  const unsigned = () => {
    const prompt = published({ environment: 'sandbox', key: null });
    registry.put(prompt);
    registry.deploy(deployed(prompt.release, { environment: 'sandbox', key: null }));
  };
  const settings = { environment: 'sandbox', key: undefined };

  test('a function of the sandbox reads it', async () => {
    unsigned();
    const { prompts } = testPrompts(registry, { settings, env: { PLUMBLINE_ENVIRONMENT: 'sandbox' } });
    expect((await prompts.get('greeting', ada)).version).toBe('1.0.0');
    expect(registry.asked).not.toContain('kms');
  });

  test('a function of another environment does not, whatever one variable says', async () => {
    unsigned();
    const { prompts } = testPrompts(registry, { settings, env: { PLUMBLINE_ENVIRONMENT: 'prod' } });
    await expect(prompts.get('greeting', ada)).rejects.toThrow('PLUMBLINE_ENVIRONMENT is not sandbox');
  });
});

test('another key of KMS, a short one, or one for another use is refused', async () => {
  serve();
  const short = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const good = registry.key;
  const other = { KeyId: `${String(good.KeyId)}0` };
  for (const wrong of [{ PublicKey: short }, { KeyUsage: 'ENCRYPT_DECRYPT' }, other, { PublicKey: 'AAAA' }, { SigningAlgorithms: [] }]) {
    registry.key = { ...good, ...wrong };
    expect(await outcome(testPrompts(registry).prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'signing_key' });
  }
});

test('what is half-written, never promoted, or asked for without a grant is refused', async () => {
  const { prompts } = testPrompts(registry);
  expect(await outcome(prompts.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'not_deployed' });
  registry.deploy(itemOf({ pk: 'env#prod#greeting', sk: 'current', kind: 'deployment', environment: 'prod', prompt_id: 'greeting' }));
  const half = testPrompts(registry).prompts;
  expect(await outcome(half.get('greeting', ada))).toEqual({ code: 'INTERNAL_ERROR', reason: 'deployment_signature' });
  await expect(prompts.get('farewell', {})).rejects.toThrow('grantRead');
});
