import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Crash, crashingAt, MemoryRegistry } from './support/memory-registry';
import type { RegistryPort } from '../../../cli/aws/registry-port';
import { Refused } from '../../../cli/prompts/registry/refused';
import { PublishOrder, Registry } from '../../../cli/prompts/registry/registry';
import { sha256 } from '../../../cli/prompts/registry/seal';
import recordSchema from '../../../contract/prompt-record.schema.json';
import { compiledText, templateText } from '../../../src/contract/prompts/hashed-text';
import { deploymentPrefix } from '../../../src/contract/prompts/registry-keys';
import type { Deployment } from '../../../src/contract/prompts/statements';

const ENVIRONMENTS = ['dev', 'staging', 'production'];
const ID = 'greeting';
const PASSED = { passed: 20, failed: 0 };

let memory: MemoryRegistry;
beforeEach(() => { memory = new MemoryRegistry(); });

const registryOn = (port: RegistryPort = memory, isSandbox = false, policyPhrases?: string[]) =>
  new Registry(port, { environments: isSandbox ? ['sandbox'] : ENVIRONMENTS, eventBus: 'bus', isSandbox, policyPhrases });

function order(version: string, text = `Say hello, ${version}.`, track: 'standard' | 'expedited' = 'standard'): PublishOrder {
  const content = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user' as const, text }] };
  return {
    document: {
      id: ID,
      version,
      ...content,
      variables: {},
      source: text,
      track,
      template_hash: sha256(templateText(content)),
      compiled_hash: sha256(compiledText(content, {})),
    },
    author: 'ada',
    golden: PASSED,
    safety: PASSED,
  };
}

const name = (version: string) => ({ id: ID, version });

async function approved(version: string, registry = registryOn()): Promise<void> {
  await registry.publish(order(version));
  memory.who = 'arn:aws:iam::000000000000:user/bob';
  await registry.approve({ ...name(version), role: 'engineer', reviewer: 'bob' });
}

async function everywhere(version: string): Promise<void> {
  await approved(version);
  for (const environment of ENVIRONMENTS) await registryOn().promote({ ...name(version), environment });
  const { isNew } = await registryOn().promote({ ...name(version), environment: 'production', toAll: true });
  expect(isNew).toBe(version !== '1.0.0');
}

/** The item of the table that says what an environment serves. */
function served(environment: string) {
  const item = [...memory.table.values()].find(({ pk, sk }) => pk === `env#${environment}#${ID}` && sk === 'current');
  return item as unknown as Deployment | undefined;
}

const versionsServed = () => ENVIRONMENTS.map(environment => served(environment)?.active.version);
const refusal = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => {
  if (!(error instanceof Refused)) throw error;
  return error.message;
});

const itemsOf = (kind: string) => [...memory.table.values()].filter(({ sk }) => sk.startsWith(`${kind}#`)) as Record<string, unknown>[];

/** Each record lists the approvals of its version, the oldest first. */
function expectApprovals(): void {
  for (const { version, approvals } of itemsOf('version')) {
    const signed = itemsOf('approval').filter(one => one.version === version)
      .map(({ reviewer, role, time }) => ({ reviewer, role, time } as { time: string }));
    expect(approvals).toEqual(signed.sort((one, other) => one.time.localeCompare(other.time)));
  }
}

/** No event is missing, no sequence has two deployments, and the table has the last of the locked history. */
function expectWhole(): void {
  for (const environment of ENVIRONMENTS) {
    const copies = [...memory.objects.keys()].filter(key => key.startsWith(deploymentPrefix({ environment, id: ID })));
    expect(served(environment)?.sequence ?? 0).toBe(copies.length);
    const waiting = [...memory.table.values()].filter(({ pk, sk }) => pk === `env#${environment}#${ID}` && sk.startsWith('event#'));
    expect(waiting.map(({ published }) => published)).toEqual(copies.map(() => true));
    const sent = new Set(memory.events.map(({ detail }) => JSON.parse(detail) as { environment: string; sequence: number })
      .filter(one => one.environment === environment).map(({ sequence }) => sequence));
    expect(sent.size).toBe(copies.length);
  }
}

test('a version goes through every environment, through a candidate of a tenth in the last', async () => {
  await everywhere('1.0.0');
  await approved('1.1.0');
  for (const environment of ENVIRONMENTS) await registryOn().promote({ ...name('1.1.0'), environment });
  expect(versionsServed()).toEqual(['1.1.0', '1.1.0', '1.0.0']);
  expect(served('production')!.candidate).toMatchObject({ version: '1.1.0', percent: 10 });
  expect((await registryOn().promote({ ...name('1.1.0'), environment: 'production' })).isNew).toBe(false);
  await registryOn().promote({ ...name('1.1.0'), environment: 'production', toAll: true });
  expect(versionsServed()).toEqual(['1.1.0', '1.1.0', '1.1.0']);
  expect(served('production')!.candidate).toBeUndefined();
  expectWhole();
});

test('every command may be run twice', async () => {
  await everywhere('1.0.0');
  await everywhere('1.1.0');
  const before = memory.objects.size;
  expect((await registryOn().publish(order('1.1.0'))).isNew).toBe(false);
  expect((await registryOn().approve({ ...name('1.1.0'), role: 'engineer', reviewer: 'bob' })).isNew).toBe(false);
  for (const environment of ENVIRONMENTS) expect((await registryOn().promote({ ...name('1.1.0'), environment })).isNew).toBe(false);
  expect(memory.objects.size).toBe(before);
  const rollback = { id: ID, environments: ENVIRONMENTS, reason: 'it is rude', isRevoking: true };
  expect((await registryOn().rollback(rollback)).map(({ isNew }) => isNew)).toEqual([true, true, true]);
  expect(versionsServed()).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  expect((await registryOn().rollback(rollback)).map(({ isNew }) => isNew)).toEqual([false, false, false]);
  expect(await refusal(registryOn().promote({ ...name('1.1.0'), environment: 'dev' }))).toContain('was revoked');
  expectWhole();
});

test.each<[string, () => Promise<unknown>, string]>([
  ['without a reviewer', async () => {
    await registryOn().publish(order('1.0.0'));
    return registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  }, 'No engineer approved it'],
  ['past an environment', async () => {
    await approved('1.0.0');
    return registryOn().promote({ ...name('1.0.0'), environment: 'staging' });
  }, 'never active in dev'],
  ['with a policy that no safety officer read', async () => {
    await registryOn().publish(order('1.0.0', 'Never be rude.'));
    await registryOn().approve({ ...name('1.0.0'), role: 'engineer', reviewer: 'bob' });
    return registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  }, 'No safety_officer approved it'],
  ['with a policy of one\'s own phrases that no safety officer read', async () => {
    const own = registryOn(memory, false, [' Spoilers ', 'age (rating)']);
    await own.publish(order('1.0.0', 'Tell it without\nspoilers: yes'));
    await own.approve({ ...name('1.0.0'), role: 'engineer', reviewer: 'bob' });
    return registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  }, 'No safety_officer approved it: a content policy changed'],
  ['with a phrase that became a policy after it was published', async () => {
    await registryOn().publish(order('1.0.0', 'Mind the age (rating).'));
    await registryOn().approve({ ...name('1.0.0'), role: 'engineer', reviewer: 'bob' });
    return registryOn(memory, false, ['age (rating)']).promote({ ...name('1.0.0'), environment: 'dev' });
  }, 'No safety_officer approved it: a content policy changed'],
  ['approved by its author', async () => {
    await registryOn().publish(order('1.0.0'));
    return registryOn().approve({ ...name('1.0.0'), role: 'engineer', reviewer: 'Ada' });
  }, 'does not approve it'],
  ['with another content under its version', async () => {
    await registryOn().publish(order('1.0.0'));
    return registryOn().publish(order('1.0.0', 'Say goodbye.'));
  }, 'published already with another template_hash'],
  ['whose safety suite failed', () => registryOn().publish({ ...order('1.0.0'), safety: { passed: 19, failed: 1 } }), 'passed 19 of 20'],
  ['with too many tokens', async () => {
    await everywhere('1.0.0');
    return registryOn().publish(order('1.1.0', 'Say hello to everybody in the room, one after the other, 1.1.0.'));
  }, 'allowed is a change below 10 %'],
])('a version %s is refused', async (_what, work, message) => {
  expect(await refusal(work())).toContain(message);
});

test('in a hurry two people approve, and staging is enough', async () => {
  await everywhere('1.0.0');
  const registry = registryOn();
  await registry.publish(order('1.0.1', 'Say hello at once and to all of them.', 'expedited'));
  for (const [role, reviewer] of [['tech_lead', 'bob'], ['safety_officer', 'bob']]) {
    await registry.approve({ ...name('1.0.1'), role, reviewer });
  }
  expect(await refusal(registry.promote({ ...name('1.0.1'), environment: 'staging' }))).toContain('one person each');
  await registry.approve({ ...name('1.0.1'), role: 'safety_officer', reviewer: 'eve' });
  expect(await refusal(registry.promote({ ...name('1.0.1'), environment: 'production' }))).toContain('never active in staging');
  for (const environment of ['staging', 'production']) await registry.promote({ ...name('1.0.1'), environment });
  expect(versionsServed()).toEqual(['1.0.0', '1.0.1', '1.0.1']);
});

test('a sandbox serves what nobody approved', async () => {
  const sandbox = registryOn(memory, true);
  await sandbox.publish({ ...order('0.1.0'), golden: undefined, safety: undefined });
  await sandbox.promote({ ...name('0.1.0'), environment: 'sandbox' });
  expect(served('sandbox')!.active.version).toBe('0.1.0');
});

test('a rollback of a rollback goes on backwards, and never to what was rolled back', async () => {
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await everywhere(version);
  for (const [reason, version] of [['first', '1.1.0'], ['second', '1.0.0']]) {
    await registryOn().rollback({ id: ID, environments: ['production'], reason });
    expect(served('production')!.active.version).toBe(version);
  }
  expect(await refusal(registryOn().rollback({ id: ID, environments: ['production'], reason: 'third' }))).toContain('no earlier version');
});

test('a rollback drops the candidate before it touches what serves', async () => {
  await everywhere('1.0.0');
  await approved('1.1.0');
  for (const environment of ENVIRONMENTS) await registryOn().promote({ ...name('1.1.0'), environment });
  await registryOn().rollback({ id: ID, environments: ['production'], reason: 'too slow' });
  expect(served('production')).toMatchObject({ active: { version: '1.0.0' }, sequence: 3 });
  expect(served('production')!.candidate).toBeUndefined();
});

test('a rollback that is repeated with --revoke revokes what it took away', async () => {
  await everywhere('1.0.0');
  await approved('1.1.0');
  await registryOn().promote({ ...name('1.1.0'), environment: 'dev' });
  const rollback = { id: ID, environments: ['dev'], reason: 'rude' };
  await registryOn().rollback(rollback);
  expect(served('dev')!.revoked).toEqual([]);
  for (const expected of [true, false]) {
    const [{ isNew }] = await registryOn().rollback({ ...rollback, isRevoking: true });
    expect(isNew).toBe(expected);
    expect([served('dev')!.active.version, served('dev')!.revoked]).toEqual(['1.0.0', [order('1.1.0').document.template_hash]]);
  }
  expect(await refusal(registryOn().promote({ ...name('1.1.0'), environment: 'dev' }))).toContain('was revoked');
  expectWhole();
});

test('whose tokens nobody counted needs a tech lead besides', async () => {
  await registryOn().publish({ ...order('1.0.0'), isTokenCountLeftOut: true });
  await registryOn().approve({ ...name('1.0.0'), role: 'engineer', reviewer: 'bob' });
  const promote = () => registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  expect(await refusal(promote())).toContain('No tech_lead approved it: nobody counted its tokens');
  await registryOn().approve({ ...name('1.0.0'), role: 'tech_lead', reviewer: 'eve' });
  expect(await refusal(promote())).toBe('done');
});

test('a record is what its schema says, with whoever approved it, and with where it is deployed', async () => {
  const isRecord = addFormats(new Ajv({ strict: true, allErrors: true })).compile(recordSchema);
  await approved('1.0.0');
  await Promise.all([['tech_lead', 'eve'], ['safety_officer', 'joe'], ['engineer', 'kim']]
    .map(([role, reviewer]) => registryOn().approve({ ...name('1.0.0'), role, reviewer })));
  expectApprovals();
  await registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  const [{ pk: _pk, sk: _sk, object_version_id: _id, ...record }] = itemsOf('version');
  expect([isRecord(record), isRecord.errors]).toEqual([true, null]);
  expect(record).toMatchObject({ deployed_envs: ['dev'], approvals: { length: 4 } });
});

test('two promotions at the same moment are one after the other', async () => {
  await everywhere('1.0.0');
  for (const version of ['1.1.0', '1.2.0']) await approved(version);
  await Promise.all(['1.1.0', '1.2.0', '1.1.0'].map(version => registryOn().promote({ ...name(version), environment: 'dev' })));
  expect(served('dev')!.sequence).toBeGreaterThanOrEqual(3);
  expectWhole();
});

test.each<[string, (item: Record<string, unknown>) => boolean, object]>([
  ['a deployment', ({ sk }) => sk === 'current', { by: 'mallory' }],
  ['an approval', ({ kind }) => kind === 'approval', { role: 'safety_officer' }],
  ['a gate', ({ kind }) => kind === 'gates', { policy_change: true }],
  ['a record', ({ sk }) => String(sk).startsWith('version#'), { template_hash: 'f'.repeat(64) }],
])('%s that was edited stops every promotion', async (_what, isIt, edit) => {
  await approved('1.0.0');
  await registryOn().promote({ ...name('1.0.0'), environment: 'dev' });
  for (const [key, item] of memory.table) if (isIt(item as Record<string, unknown>)) memory.table.set(key, { ...item, ...edit });
  await expect(registryOn().promote({ ...name('1.0.0'), environment: 'staging' }))
    .rejects.toThrow(/Somebody else than the registry wrote it/);
});

describe('a command that is cut off at any of its requests, and run again, has done its work once', () => {
  const commands: readonly [string, (registry: Registry) => Promise<unknown>][] = [
    ['publish', registry => registry.publish(order('1.1.0'))],
    ['approve', registry => registry.approve({ ...name('1.1.0'), role: 'engineer', reviewer: 'bob' })],
    ...ENVIRONMENTS.map((environment): [string, (registry: Registry) => Promise<unknown>] =>
      [`promote to ${environment}`, registry => registry.promote({ ...name('1.1.0'), environment })]),
    ['promote to all', registry => registry.promote({ ...name('1.1.0'), environment: 'production', toAll: true })],
    ['rollback', registry => registry.rollback({ id: ID, environments: ENVIRONMENTS, reason: 'it is rude', isRevoking: true })],
  ];
  const after = [['1.0.0', '1.0.0', '1.0.0'], ['1.0.0', '1.0.0', '1.0.0'], ['1.1.0', '1.0.0', '1.0.0'], ['1.1.0', '1.1.0', '1.0.0'],
    ['1.1.0', '1.1.0', '1.0.0'], ['1.1.0', '1.1.0', '1.1.0'], ['1.0.0', '1.0.0', '1.0.0']];
  const sequences = [[1, 1, 1], [1, 1, 1], [2, 1, 1], [2, 2, 1], [2, 2, 2], [2, 2, 3], [3, 3, 4]];

  test.each(['before', 'after'] as const)('%s the request', async when => {
    await everywhere('1.0.0');
    for (const [index, [what, command]] of commands.entries()) {
      const start = new Map(memory.table);
      const objects = new Map(memory.objects);
      let at = 0;
      for (let isCut = true; isCut;) {
        at++;
        memory.table.clear();
        for (const [key, item] of start) memory.table.set(key, item);
        memory.objects.clear();
        for (const [key, object] of objects) memory.objects.set(key, object);
        const { port } = crashingAt(memory, at, when);
        isCut = await command(registryOn(port)).then(() => false, (error: unknown) => {
          if (!(error instanceof Crash)) throw error;
          return true;
        });
        await command(registryOn());
        expectApprovals();
        expect([what, at, versionsServed()]).toEqual([what, at, after[index]]);
        expect([what, at, ENVIRONMENTS.map(environment => served(environment)!.sequence)]).toEqual([what, at, sequences[index]]);
        expectWhole();
      }
      expect(at).toBeGreaterThan(5);
    }
  }, 60_000);
});
