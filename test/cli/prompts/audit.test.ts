import { askingOf, ID, PromptStage } from './support/prompt-stage';
import type { RegistryPort } from '../../../cli/aws/registry-port';
import { environmentObject } from '../../../src/contract/prompts/registry-keys';

let stage: PromptStage;
jest.mock('../../../cli/aws/asking', () => askingOf(() => stage));
beforeEach(async () => {
  stage = new PromptStage();
  await stage.release('1.0.0');
});
afterEach(() => stage.place.remove());

const isCurrent = ({ pk, sk }: { pk: string; sk: string }) => pk === `env#production#${ID}` && sk === 'current';
const isEvent = ({ pk, sk }: { pk: string; sk: string }) => pk === `env#dev#${ID}` && sk.startsWith('event#');

/** A promotion whose command was cut off before its event was told. */
async function cutOff(version: string): Promise<void> {
  await stage.publish(version);
  await stage.approve(version);
  const port = new Proxy(stage.memory as RegistryPort, {
    get: (target, name: keyof RegistryPort) =>
      (name === 'putEvent' ? () => Promise.reject(new Error('cut off')) : target[name].bind(target) as unknown),
  });
  await expect(stage.registry(port).promote({ id: ID, version, environment: 'dev' })).rejects.toThrow('cut off');
}

test('the report says what each environment serves', async () => {
  await stage.publish('1.1.0');
  await stage.approve('1.1.0');
  await stage.promote('1.1.0', undefined, false);
  const { code, out, told } = await stage.run('audit');
  expect({ code, told }).toEqual({ code: 0, told: '' });
  const rows = out.split('\n').slice(0, 4).map(line => line.split(/ {2,}/));
  expect(rows[0]).toEqual(['environment', 'prompt', 'active', 'candidate', 'template hash', 'since', 'by', 'verdict']);
  expect(rows.slice(1).map(row => [row[0], row[2], row[row.length - 1]]))
    .toEqual([['dev', '1.1.0', 'fine'], ['staging', '1.1.0', 'fine'], ['production', '1.0.0', 'fine']]);
  expect(rows[3][3]).toBe('1.1.0, 10 %');
  const markdown = await stage.run('audit', '--markdown', '--environment', 'production');
  expect(markdown.out).toMatch(/^\| environment \| .*\n\|(---\|){8}\n\| production \| greeting \| 1\.0\.0 \| 1\.1\.0, 10 % \|/);
});

test('a diverged prompt is told with its id and both hashes, in every form', async () => {
  const key = environmentObject({ environment: 'production', id: ID, version: '1.0.0' });
  const { template_hash: hash } = stage.served('production')!.active;
  stage.memory.objects.set(key, { ...stage.memory.objects.get(key)!, bytes: Buffer.from('{"messages":[]}') });
  const { code, out } = await stage.run('audit');
  expect(code).toBe(1);
  expect(out).toMatch(/^production +greeting .* diverged$/m);
  expect(out).toContain(`  error object-changed: ${key} is not what was deployed`);
  expect(out).toContain(`    registry: ${hash}`);
  const markdown = await stage.run('audit', '--markdown');
  expect([markdown.code, markdown.out]).toEqual([1, expect.stringMatching(new RegExp(`Diverged \\(P3\\):[^]*object-changed[^]*${hash}`))]);
  const { prompts } = JSON.parse((await stage.run('audit', '--json')).out) as { prompts: { environment: string; findings: object[] }[] };
  expect(prompts.find(({ environment }) => environment === 'production')!.findings[0])
    .toMatchObject({ code: 'object-changed', registryHash: hash, activeHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('events that a command left behind are told once, and with --read-only only mentioned', async () => {
  await cutOff('1.1.0');
  const before = stage.memory.events.length;
  const readOnly = await stage.run('audit', '--read-only');
  expect([readOnly.code, readOnly.out]).toEqual([0, expect.stringContaining('events that were not told yet: 1')]);
  expect(stage.memory.events).toHaveLength(before);
  const { code, told } = await stage.run('audit');
  expect([code, told]).toEqual([0, 'dev: 1 events of greeting are told that an earlier command left behind.']);
  expect(stage.memory.events.slice(before).map(({ detailType }) => detailType)).toEqual(['PromptPromoted']);
  expect((await stage.run('audit')).told).toBe('');
  expect(stage.memory.events).toHaveLength(before + 1);
});

test.each(['the audit', 'the next command'])('an event that somebody marked as told by hand is found, and told by %s', async by => {
  await cutOff('1.1.0');
  const before = stage.memory.events.length;
  stage.edit(item => isEvent(item) && item.published !== true, () => ({ published: true, receipt: 'AAAA' }));
  const { code, out } = await stage.run('audit', '--read-only');
  expect([code, out]).toEqual([1, expect.stringContaining('error event-silenced: the event of deployment 2 is marked as told')]);
  if (by === 'the audit') expect((await stage.run('audit')).code).toBe(1);
  else await stage.promote('1.1.0', ['dev']);
  expect(stage.memory.events.slice(before).map(({ detailType }) => detailType)).toEqual(['PromptPromoted']);
  expect((await stage.run('audit')).code).toBe(0);
});

test('an event that was edited is never told, by no command', async () => {
  await cutOff('1.1.0');
  stage.edit(isEvent, item => ({ detail: { ...item.detail as object, to_version: '9.9.9' } }));
  const before = stage.memory.events.length;
  expect((await stage.run('audit')).code).toBe(1);
  await expect(stage.registry().promote({ id: ID, version: '1.1.0', environment: 'dev' })).rejects.toThrow('is not that of a deployment');
  expect(stage.memory.events).toHaveLength(before);
});

test('what somebody wrote into a key does no harm in a terminal or a page', async () => {
  stage.memory.overwrite(`deployments/production/${ID}/\u001b[2J|<b>\`x\``, 'x');
  const { out } = await stage.run('audit');
  expect(out).toContain('?[2J|<b>`x` is no deployment');
  const markdown = await stage.run('audit', '--markdown');
  expect(markdown.out).toContain('?\\[2J\\|&lt;b&gt;\\`x\\` is no deployment');
});

test('a registry without prompts is fine, and two forms at once are refused', async () => {
  stage.edit(isCurrent, () => undefined);
  stage.memory.table.clear();
  stage.memory.objects.clear();
  const { code, out } = await stage.run('audit');
  expect([code, out.split('\n').pop()]).toEqual([0, '0 prompts in 0 environments: 0 errors, 0 warnings']);
  expect(await stage.run('audit', '--json', '--markdown')).toMatchObject({ code: 2, told: 'The report is either --json or --markdown.' });
});
