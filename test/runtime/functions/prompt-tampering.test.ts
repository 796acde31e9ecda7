import {
  at, changed, copyOf, counts, current, hashOf, ID, keyOf, OTHER, PROD, published, putBack, record, run, runOn, signed,
} from './support/prompt-audit';
import { approvalKey, currentKey, deploymentObject, environmentObject, versionObject } from '../../../src/contract/prompts/registry-keys';
import { ENVIRONMENTS } from '../../support/prompt-registry/filled-registry';
import { sha256 } from '../../support/prompt-registry/signed-prompts';
import { GENERATIONS } from '../../support/runtime-generations';

jest.setTimeout(120_000);

/** Changes the object that production serves, whatever Object Lock says. */
function sellInProd(): Uint8Array {
  const key = environmentObject({ ...PROD, version: '1.0.0' });
  at.registry.replace(key, document => Object.assign(document, changed(Buffer.from(JSON.stringify(document)))));
  return at.registry.bytes(key);
}

/** A version of which the pipeline's key signed all that a service looks at, while nobody published it. */
async function deployUnpublished(): Promise<void> {
  const key = environmentObject({ ...PROD, version: '9.0.0' });
  const sold = changed(at.registry.bytes(environmentObject({ ...PROD, version: '1.0.0' })));
  const document = await signed({ ...sold, version: '9.0.0' });
  at.registry.put(key, JSON.stringify(document));
  const [{ versionId }] = at.registry.objects;
  const release = { version: '9.0.0', key, object_version_id: versionId, sha256: sha256(JSON.stringify(document)) };
  const deployment = await signed({
    ...current(), sequence: 3, active: { ...current().active, ...release, template_hash: document.template_hash },
  });
  at.registry.put(deploymentObject({ ...PROD, sequence: 3 }), JSON.stringify(deployment));
  putBack('prod', deployment);
}

describe('a tampering', () => {
  runOn(GENERATIONS[0][1]);

  test.each<[string, () => unknown, string[]]>([
    ['an object whose hash and content were changed together, as if it had been so always', () => sellInProd(), ['prod object-changed']],
    ['an older version of a document, put there again',
      () => at.registry.put(versionObject({ id: ID, version: '1.1.0' }), at.registry.bytes(versionObject({ id: ID, version: '1.0.0' }))),
      ['every overwritten']],
    ['a document that is hidden by a delete marker', () => at.registry.hide(environmentObject({ ...PROD, version: '1.0.0' })),
      ['prod deleted']],
    ['a deployment that was edited', () => { current().active = { ...current().active, template_hash: sha256(OTHER) }; },
      ['prod not-signed']],
    ['a deployment and its object, edited together', () => {
      const bytes = sellInProd();
      current().active = { ...current().active, template_hash: hashOf(JSON.parse(Buffer.from(bytes).toString())), sha256: sha256(bytes) };
    }, ['prod not-signed']],
    ['a genuine deployment of another environment', () => putBack('prod', copyOf('staging', 1)), ['prod wrong-key']],
    // The records say that more is deployed there.
    ['an old deployment that was put back', () => putBack('prod', copyOf('prod', 1)), ['every record-changed', 'prod unfinished']],
    ['an older one', () => putBack('dev', copyOf('dev', 1)), ['dev gone-back', 'every record-changed', 'every record-changed']],
    ['a deployment that is gone', () => at.registry.remove(...keyOf(currentKey(PROD))),
      ['every record-changed', 'every record-changed', 'prod gone-back']],
    ['a number that no command writes', () => { current().sequence = 2 ** 60; }, ['prod wrong-key']],
    ['a forged locked copy of the next deployment',
      () => at.registry.put(deploymentObject({ ...PROD, sequence: 3 }), JSON.stringify({ ...copyOf('prod', 2), sequence: 3 })),
      ['prod history-forged']],
    ['a record with another hash', () => { record().template_hash = sha256(OTHER); }, ['every record-changed']],
    ['a record with another text', () => { record().content = OTHER; }, ['every record-changed']],
    ['an approval that nobody gave', () => {
      const name = { id: ID, version: '1.1.0', role: 'safety_officer', reviewer: 'eve' };
      const genuine = at.registry.item(`prompt#${ID}`, 'approval#1.1.0#engineer#bob');
      at.registry.items.push({ ...genuine, ...approvalKey(name), role: name.role, reviewer: name.reviewer });
    }, ['every approval-forged']],
    ['an approval that only the record lists', () => {
      const { approvals } = record('1.1.0');
      record('1.1.0').approvals = [...approvals, { reviewer: 'eve', role: 'safety_officer', time: '2026-11-20T04:00:00.000Z' }];
    }, ['every record-changed']],
    ['an approval that is gone', () => at.registry.remove(`prompt#${ID}`, 'approval#1.1.0#engineer#bob'),
      ['every record-changed', 'every not-approved']],
    ['the result of a test that was edited', () => { at.registry.item(`prompt#${ID}`, 'gates#1.1.0').policy_change = 'no'; },
      ['every gates-forged']],
    ['a prompt that nobody published', () => {
      at.registry.items.push({ ...copyOf('prod', 2), prompt_id: 'evil', ...currentKey({ environment: 'prod', id: 'evil' }) });
    }, ['prod not-signed']],
    ['what the key signed, and nobody published', () => deployUnpublished(),
      ['every record-changed', 'prod event-missing', 'prod not-published']],
  ])('%s is found', async (_what, tamper, expected) => {
    await tamper();
    const { kind, codes, lines } = await run();
    expect(codes).toEqual(expected);
    expect(kind).toBe('response');
    expect(published()).toHaveLength(1);
    const [environment] = expected[expected.length - 1].split(' ');
    const wanted = environment === 'every' ? ENVIRONMENTS : [environment];
    expect(counts(lines, 'DivergedCount')).toMatchObject(Object.fromEntries(wanted.map(one => [one, 1])));
  });

  test('of many prompts is told prompt by prompt, and of the rest in one notification', async () => {
    for (let index = 0; index < 53; index += 1) {
      const id = `evil-${index}`;
      at.registry.items.push({ ...copyOf('prod', 2), prompt_id: id, ...currentKey({ environment: 'prod', id }) });
    }
    const { lines } = await run();
    expect(published()).toHaveLength(51);
    expect(published()[50].Subject).toContain('3 more prompts diverged');
    expect(counts(lines, 'DivergedCount').prod).toBe(53);
  });
});
