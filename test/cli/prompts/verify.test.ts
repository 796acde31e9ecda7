import { askingOf, fileOf, ID, PromptStage } from './support/prompt-stage';
import type { RegistryPort } from '../../../cli/aws/registry-port';
import { CouldNotRun } from '../../../cli/system/could-not-run';
import { canonicalJson, JsonValue } from '../../../src/contract/prompts/canonical-json';
import { deploymentObject, environmentObject, versionObject } from '../../../src/contract/prompts/registry-keys';
import type { Deployment } from '../../../src/contract/prompts/statements';

let stage: PromptStage;
jest.mock('../../../cli/aws/asking', () => askingOf(() => stage));
beforeEach(() => { stage = new PromptStage(); });
afterEach(() => stage.place.remove());

interface Told { readonly code: string; readonly message: string; readonly activeHash?: string; readonly registryHash?: string }

interface Verified {
  readonly ok: boolean;
  readonly prompts: readonly {
    readonly environment: string;
    readonly id: string;
    readonly sequence?: number;
    readonly active?: { readonly version: string };
    readonly findings: readonly Told[];
    readonly warnings: readonly string[];
    readonly waitingEvents: number;
  }[];
}

async function verified(...args: string[]): Promise<Verified & { readonly code: number }> {
  const { code, out, told } = await stage.run('verify', '--json', ...args);
  if (code === 2) throw new Error(told);
  return { code, ...JSON.parse(out) as Verified };
}

/** The findings in an environment, by their codes. */
async function codesIn(environment: string): Promise<string[]> {
  const { code, prompts } = await verified('--environment', environment);
  const codes = prompts.flatMap(({ findings }) => findings.map(finding => finding.code));
  expect(code).toBe(codes.length > 0 ? 1 : 0);
  return codes;
}

const textOf = (key: string) => Buffer.from(stage.memory.objects.get(key)!.bytes).toString();
const production = { environment: 'production', id: ID };

test('what went the whole way is fine in every environment, a candidate and a rollback too', async () => {
  expect(await verified()).toMatchObject({ ok: true, code: 0, prompts: [] });
  await stage.release('1.0.0');
  await stage.release('1.1.0');
  await stage.publish('1.2.0');
  await stage.approve('1.2.0');
  await stage.promote('1.2.0', undefined, false);
  const { code, ok, prompts } = await verified();
  expect(prompts.map(({ environment, findings, warnings, active }) => [environment, active!.version, findings, warnings]))
    .toEqual([['dev', '1.2.0', [], []], ['staging', '1.2.0', [], []], ['production', '1.1.0', [], []]]);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  await stage.registry().rollback({ id: ID, environments: ['dev', 'production'], reason: 'rude', isRevoking: true });
  await stage.registry().rollback({ id: ID, environments: ['production'], reason: 'rude as well' });
  expect((await verified()).ok).toBe(true);
});

test('a text tells what serves, and ends with the sum', async () => {
  await stage.release('1.0.0');
  const { code, out } = await stage.run('verify', '--environment', 'dev,staging');
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual(['dev: greeting 1.0.0 (deployment 1)', 'staging: greeting 1.0.0 (deployment 1)', '',
    '1 prompt in 2 environments: 0 errors, 0 warnings']);
});

describe('tampering is found, each kind by its name:', () => {
  beforeEach(async () => {
    await stage.release('1.0.0');
    await stage.release('1.1.0');
  });

  test.each<[string, () => void, string[]]>([
    ['an object overwritten by another principal', () =>
      stage.memory.overwrite(environmentObject({ ...production, version: '1.1.0' }), '{"text":"Buy our shoes."}'), ['overwritten']],
    ['a published version that was overwritten', () =>
      stage.memory.overwrite(versionObject({ id: ID, version: '1.1.0' }), '{"text":"Buy our shoes."}'), ['overwritten']],
    ['an older version uploaded again in the place of a newer one', () => {
      const [old, now] = ['1.0.0', '1.1.0'].map(version => environmentObject({ ...production, version }));
      stage.memory.overwrite(now, textOf(old));
    }, ['overwritten']],
    ['an object that was deleted', () =>
      stage.memory.overwrite(environmentObject({ ...production, version: '1.1.0' }), undefined), ['deleted']],
    ['a record with another hash', () => stage.edit(({ sk }) => sk === 'version#1.1.0', () => ({ template_hash: 'f'.repeat(64) })),
      ['record-changed']],
    ['a record with another text', () => stage.edit(({ sk }) => sk === 'version#1.1.0', () => ({ content: 'Buy our shoes.' })),
      ['record-changed']],
    ['a record that says it is deployed nowhere', () => stage.edit(({ sk }) => sk === 'version#1.1.0', () => ({ deployed_envs: [] })),
      ['record-changed']],
    ['a record that names an object that S3 does not have', () =>
      stage.edit(({ sk }) => sk === 'version#1.1.0', () => ({ object_version_id: 'none' })), ['document-missing']],
    ['a record that is gone', () => stage.edit(({ sk }) => sk === 'version#1.1.0', () => undefined), ['not-published']],
    ['a forged approval', () => stage.edit(({ sk }) => sk.startsWith('approval#1.1.0'), () => ({ reviewer: 'bob', time: 'yesterday' })),
      ['record-changed', 'approval-forged', 'not-approved']],
    ['an approval of another version, copied over', () => stage.edit(({ sk }) => sk.startsWith('approval#1.1.0'), () => {
      const other = [...stage.memory.table.values()].find(({ sk }) => sk.startsWith('approval#1.0.0'))!;
      return { ...other, sk: 'approval#1.1.0#engineer#bob' };
    }), ['record-changed', 'approval-forged', 'not-approved']],
    ['an approval that is gone', () => stage.edit(({ sk }) => sk.startsWith('approval#1.1.0'), () => undefined),
      ['record-changed', 'not-approved']],
    ['a record that lists an approval of nobody', () => stage.edit(({ sk }) => sk === 'version#1.1.0', ({ approvals }) =>
      ({ approvals: [...approvals as object[], { reviewer: 'eve', role: 'safety_officer', time: '2026-11-28T08:00:00Z' }] })),
    ['record-changed']],
    ['results of tests that were edited', () => stage.edit(({ sk }) => sk === 'gates#1.1.0', () => ({ policy_change: true })),
      ['gates-forged']],
    ['results of tests that are gone', () => stage.edit(({ sk }) => sk === 'gates#1.1.0', () => undefined), ['gates-missing']],
    ['a deployment whose hash was edited', () => stage.edit(isCurrent, item =>
      ({ active: { ...item.active as object, template_hash: 'f'.repeat(64) } })), ['not-signed']],
    ['a deployment with hash and content edited together', () => {
      const key = environmentObject({ ...production, version: '1.1.0' });
      const forged = textOf(key).replace('Say hello', 'Say nothing');
      stage.memory.overwrite(key, forged);
      const { versionId } = stage.memory.objects.get(key)!;
      stage.edit(isCurrent, item => ({ active: { ...item.active as object, object_version_id: versionId } }));
    }, ['not-signed']],
    ['an old deployment that was put back', () => {
      const old = textOf(deploymentObject({ ...production, sequence: 1 }));
      stage.edit(isCurrent, () => JSON.parse(old) as object);
    }, ['gone-back', 'record-changed']],
    ['a locked copy that was written over', () =>
      stage.memory.overwrite(deploymentObject({ ...production, sequence: 2 }), '{}'), ['history-forged']],
    ['a locked copy that is gone', () => stage.memory.overwrite(deploymentObject({ ...production, sequence: 2 }), undefined),
      ['history-missing']],
    ['a locked copy of nobody', () => stage.memory.overwrite('deployments/production/greeting/notes.txt', 'x'), ['history-forged']],
    ['an event that was edited', () => stage.edit(isEvent(2), item =>
      ({ detail: { ...item.detail as object, triggered_by: 'nobody' } })), ['event-forged']],
    ['an event that is gone', () => stage.edit(isEvent(2), () => undefined), ['event-missing']],
    ['an event of a deployment that never was', () => {
      const [event] = [...stage.memory.table.values()].filter(isEvent(2));
      stage.memory.table.set('another', { ...event, sk: 'event#0000000009' });
    }, ['event-forged']],
    ['an event that was marked as told by hand', () => stage.edit(isEvent(2), () => ({ receipt: undefined })), ['event-silenced']],
    ['one that was marked with the receipt of another', () => stage.edit(isEvent(2), () =>
      ({ receipt: [...stage.memory.table.values()].find(isEvent(1))!.receipt })), ['event-silenced']],
    ['an event of another name', () => stage.edit(isEvent(2), () => ({ detail_type: 'PromptRollback' })), ['event-forged']],
    ['a deployment that is gone', () => stage.edit(isCurrent, () => undefined), ['gone-back']],
  ])('%s', async (_name, tamper, codes) => {
    expect(await codesIn('production')).toEqual([]);
    tamper();
    expect(await codesIn('production')).toEqual(codes);
  });

  test('a number that no registry writes does not end the command', async () => {
    stage.edit(isCurrent, () => ({ oddity: 2 ** 60 }));
    expect(await codesIn('production')).toEqual(['not-signed']);
  });

  test('both hashes of a diverged prompt are told', async () => {
    const key = environmentObject({ ...production, version: '1.1.0' });
    stage.edit(isCurrent, item => ({ active: { ...item.active as object, template_hash: 'f'.repeat(64) } }));
    const { prompts: [{ findings: [finding] }] } = await verified('--environment', 'production');
    expect(finding.activeHash).toBe('f'.repeat(64));
    expect((await stage.run('verify')).out).toMatch(/error not-signed: .*\n {4}served: f{64}/);
    expect(stage.memory.objects.has(key)).toBe(true);
  });
});

const isCurrent = ({ pk, sk }: { pk: string; sk: string }) => pk === `env#production#${ID}` && sk === 'current';
const isEvent = (sequence: number) => ({ pk, sk }: { pk: string; sk: string }) =>
  pk === `env#production#${ID}` && sk === `event#${String(sequence).padStart(10, '0')}`;

test('a policy that no safety officer read is found even where the results of the tests say nothing of it', async () => {
  await stage.release('1.0.0');
  await stage.publish('1.1.0', 'Say never to {{name}}, 1.1.0.');
  await stage.approve('1.1.0');
  await stage.approve('1.1.0', 'safety_officer', 'eve');
  await stage.promote('1.1.0');
  expect(await codesIn('production')).toEqual([]);
  stage.edit(({ sk }) => sk.startsWith('approval#1.1.0#safety_officer'), () => undefined);
  expect(await codesIn('production')).toEqual(['record-changed', 'not-approved']);
});

describe('--from compares with Git:', () => {
  const write = (text: string) => stage.place.write(`prompts/${ID}.prompt.md`, text);
  const from = () => verified('--environment', 'production', '--from', 'prompts');

  test('the file of what serves is fine, Windows line ends too, and another one is not', async () => {
    await stage.release('1.0.0');
    write(fileOf('1.0.0').replace(/\n/g, '\r\n'));
    expect((await from()).ok).toBe(true);
    write(fileOf('1.0.0', 'Say hi to {{name}}.'));
    const message = expect.stringContaining('is 1.0.0 with other words, and 1.0.0 serves') as string;
    expect((await from()).prompts[0].findings).toEqual([expect.objectContaining({ code: 'git-differs', message })]);
    write(fileOf('1.1.0'));
    expect((await from()).prompts[0].findings[0].message).toBe('prompts/greeting.prompt.md is 1.1.0, and 1.0.0 serves');
  });

  test('the file of the candidate is fine', async () => {
    await stage.release('1.0.0');
    await stage.publish('1.1.0');
    await stage.approve('1.1.0');
    await stage.promote('1.1.0', undefined, false);
    write(fileOf('1.1.0'));
    expect((await from()).ok).toBe(true);
  });

  test.each([
    ['name: { sample: Ada, maxLength: 20 }', 'Say hello to {{name}}.', 'name may have 20 characters, and had 40'],
    ['person: { sample: Ada, maxLength: 40 }', 'Say hello to {{person}}.', 'the variable name is gone and person is new'],
    ['name: { sample: Ada, maxLength: 40 }\n  day: { sample: Monday, maxLength: 9 }', 'Say hello to {{name}} on {{day}}.',
      'it needs a value for day'],
    ['a: { sample: b, maxLength: 4 }\n  c: { sample: d, maxLength: 9 }', 'Say {{a}} {{c}}.', 'it has no variable name any more'],
  ])('with the variables %s callers are warned', async (variables, text, warning) => {
    await stage.release('1.0.0');
    write(fileOf('1.1.0', text, variables));
    expect((await from()).prompts[0].warnings.join('\n')).toContain(warning);
  });

  test('a prompt that serves nowhere is found, and a prompt without a file is a warning', async () => {
    await stage.release('1.0.0');
    stage.place.write('prompts/closing.prompt.md', fileOf('1.0.0').replace('id: greeting', 'id: closing'));
    const { prompts } = await from();
    expect(prompts.map(({ id, findings, warnings }) => [id, findings.map(({ code }) => code), warnings])).toEqual([
      ['closing', ['not-deployed'], []], ['greeting', [], ['it serves production, and there is no file of greeting']],
    ]);
  });
});

test('who names a prompt wants it to serve', async () => {
  await stage.release('1.0.0');
  expect((await verified(ID)).ok).toBe(true);
  expect((await verified('closing', '--environment', 'dev')).prompts[0].findings[0].code).toBe('not-deployed');
});

test('a deployment whose command was cut off is a warning, not a finding', async () => {
  await stage.release('1.0.0');
  await stage.publish('1.1.0');
  await stage.approve('1.1.0');
  const crashing = new Proxy(stage.memory as RegistryPort, {
    get: (target, name: keyof RegistryPort) =>
      (name === 'deploy' ? () => Promise.reject(new Error('cut off')) : target[name].bind(target) as unknown),
  });
  await stage.registry(crashing).promote({ id: ID, version: '1.1.0', environment: 'dev' }).catch(() => undefined);
  const { ok, prompts: [dev] } = await verified('--environment', 'dev');
  expect({ ok, warnings: dev.warnings }).toEqual({ ok: true, warnings: [expect.stringContaining('deployment 2 of arn')] });
});

test('a deployment between two reads is no finding', async () => {
  await stage.release('1.0.0');
  await stage.publish('1.1.0');
  await stage.approve('1.1.0');
  let isDone = false;
  const { memory } = stage;
  const keys = memory.keys.bind(memory);
  memory.keys = async (prefix, what) => {
    if (what === 'keys' && !isDone) {
      isDone = true;
      await stage.promote('1.1.0', ['dev']);
      await stage.registry().rollback({ id: ID, environments: ['dev'], reason: 'rude' });
    }
    return keys(prefix, what);
  };
  expect(await codesIn('dev')).toEqual([]);
  expect(isDone).toBe(true);
});

test('the sandbox is verified apart, without signatures and approvals', async () => {
  expect((await stage.run('verify', '--environment', 'sandbox', 'dev')).told).toContain('The sandbox is a registry of its own');
  expect((await verified('--environment', 'sandbox')).ok).toBe(true);
});

test('an environment that the registry does not have, or a denied read, ends with 2', async () => {
  await stage.release('1.0.0');
  const { code, told } = await stage.run('verify', '--environment', 'prod');
  expect({ code, told }).toEqual({ code: 2, told: expect.stringContaining('It has dev, staging, production') });
  stage.memory.tryItem = () => Promise.reject(new CouldNotRun('us-east-1: GetItem failed with AccessDeniedException'));
  expect(await stage.run('verify')).toEqual({ code: 2, out: '', told: expect.stringContaining('AccessDenied') });
});

test('the copies in a bucket are signed statements in canonical form', async () => {
  await stage.release('1.0.0');
  const copy = textOf(deploymentObject({ ...production, sequence: 1 }));
  expect(copy).toBe(canonicalJson(JSON.parse(copy) as JsonValue));
  expect((JSON.parse(copy) as Deployment).kind).toBe('deployment');
});
