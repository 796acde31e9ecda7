import { createHash, generateKeyPairSync, sign, verify } from 'crypto';
import { canonicalJson, JsonValue } from '../../../src/contract/prompts/canonical-json';
import { Cryptography } from '../../../src/contract/prompts/cryptography';
import { templateText } from '../../../src/contract/prompts/hashed-text';
import { DeploymentEvidence, findDeploymentFaults, objectName } from '../../../src/contract/prompts/judged-deployment';
import { currentKey, environmentObject } from '../../../src/contract/prompts/registry-keys';
import { signedText } from '../../../src/contract/prompts/signed-text';
import { Deployment } from '../../../src/contract/prompts/statements';
import { itemOf, membersOf } from '../../../src/contract/prompts/table-items';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const CRYPTOGRAPHY: Cryptography = {
  sha256,
  isSigned: (text, signature) => verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'base64')),
};
const PLACED = { environment: 'prod', id: 'greeting' };

function signed<T extends object>(statement: T): T & { readonly signature: string } {
  const text = signedText(statement as unknown as Record<string, JsonValue>);
  return { ...statement, signature: sign('sha256', Buffer.from(text), privateKey).toString('base64') };
}

function documentOf(version: string, text: string): string {
  const content = { model: 'amazon.nova-pro-v1:0', messages: [{ role: 'user' as const, text }] };
  return canonicalJson(signed({ kind: 'version', id: 'greeting', version, ...content, template_hash: sha256(templateText(content)) }));
}

function deploymentOf(sequence: number, version: string, document: string): Deployment {
  const { template_hash } = JSON.parse(document) as { template_hash: string };
  const key = environmentObject({ ...PLACED, version });
  const active = { version, template_hash, compiled_hash: template_hash, key, object_version_id: `v-${version}`, sha256: sha256(document) };
  return signed({
    kind: 'deployment' as const,
    environment: 'prod',
    prompt_id: 'greeting',
    sequence,
    active,
    revoked: [],
    by: 'ci',
    time: '2026-11-28T04:00:00Z',
    event_id: `e-${sequence}`,
  });
}

const DOCUMENTS = [documentOf('1.0.0', 'Hello.'), documentOf('1.1.0', 'Good day.')];
const DEPLOYMENTS = [deploymentOf(1, '1.0.0', DOCUMENTS[0]), deploymentOf(2, '1.1.0', DOCUMENTS[1])];
const COPIES = DEPLOYMENTS.map(deployment => ({ sequence: deployment.sequence, text: canonicalJson(deployment as unknown as JsonValue) }));
const OBJECTS = new Map(DEPLOYMENTS.map(({ active }, index) => [objectName(active), Buffer.from(DOCUMENTS[index]) as Uint8Array]));

function codes(changed: Partial<DeploymentEvidence>): string[] {
  const evidence = { ...PLACED, current: { ...DEPLOYMENTS[1], ...currentKey(PLACED) }, copies: COPIES, objects: OBJECTS, ...changed };
  return findDeploymentFaults(evidence, CRYPTOGRAPHY).map(({ code }) => code);
}

const objectsWith = (content: string | undefined) => new Map([[objectName(DEPLOYMENTS[1].active), content && Buffer.from(content)]]) as
  DeploymentEvidence['objects'];
const edited = (changes: Partial<Deployment>) => signed({ ...DEPLOYMENTS[1], ...changes });

const copyOf = (deployment: object, sequence: number) => ({ sequence, text: canonicalJson(deployment as JsonValue) });
const LATER = copyOf(deploymentOf(3, '1.0.0', DOCUMENTS[0]), 3);

test.each<[string, Partial<DeploymentEvidence>, string[]]>([
  ['what was deployed is fine', {}, []],
  ['a copy of the next sequence is in flight', { current: DEPLOYMENTS[0], copies: COPIES }, []],
  ['nothing is deployed, nothing is wrong', { current: undefined, copies: [] }, []],
  ['the first deployment is in flight', { current: undefined, copies: COPIES.slice(0, 1) }, []],
  ['the table\'s item is gone', { current: undefined }, ['gone-back']],
  ['an edited deployment', { current: { ...DEPLOYMENTS[1], sequence: 7 } }, ['not-signed']],
  ['the deployment of another environment', { current: edited({ environment: 'dev' }) }, ['wrong-key']],
  ['a deployment under another key', { current: { ...DEPLOYMENTS[1], pk: 'env#prod#farewell' } }, ['wrong-key']],
  ['an older one came back', { current: DEPLOYMENTS[0], copies: [...COPIES, LATER] }, ['gone-back']],
  ['a signed deployment that the locked history does not know', { copies: COPIES.slice(0, 1) }, ['history-missing']],
  ['another deployment of the same sequence', { current: edited({ by: 'somebody' }) }, ['not-the-last']],
  ['a copy that is no JSON', { copies: [COPIES[0], { sequence: 2, text: 'nothing' }] }, ['history-forged']],
  ['an edited copy', { copies: [copyOf({ ...DEPLOYMENTS[0], by: 'somebody' }, 1), COPIES[1]] }, ['history-forged']],
  ['a copy under the sequence of another', { copies: [copyOf(DEPLOYMENTS[1], 1), COPIES[1]] }, ['history-forged']],
  ['a copy that somebody else put after the last', { copies: [...COPIES, { sequence: 9, text: '{}' }] }, ['history-forged']],
  ['such a copy where nothing is deployed', { current: undefined, copies: [{ sequence: 7, text: '{}' }] }, ['history-forged']],
  ['a hole in the history', {
    current: deploymentOf(4, '1.1.0', DOCUMENTS[1]),
    copies: [...COPIES,
      copyOf(deploymentOf(4, '1.1.0', DOCUMENTS[1]), 4)],
  }, ['history-missing']],
  ['only the last copies were read', { copies: [COPIES[1]] }, []],
  ['the object is gone', { objects: new Map() }, ['object-missing']],
  ['the object was overwritten', { objects: objectsWith(DOCUMENTS[0]) }, ['object-changed']],
  ['the object is no document', { objects: objectsWith('…') }, ['object-changed']],
])('%s', (_name, changed, expected) => {
  expect(codes(changed)).toEqual(expected);
});

test('hash and content edited together do not pass, even under a signed deployment', () => {
  const forged = JSON.stringify({ ...JSON.parse(DOCUMENTS[1]) as object, messages: [{ role: 'user', text: 'Bad day.' }] });
  const current = edited({ active: { ...DEPLOYMENTS[1].active, sha256: sha256(forged) } });
  const copies = [{ sequence: 2, text: JSON.stringify(current) }];
  expect(codes({ current, copies, objects: objectsWith(forged) })).toEqual(['not-signed']);
});

test('a revoked version in service is told', () => {
  const current = edited({ revoked: [DEPLOYMENTS[1].active.template_hash] });
  expect(codes({ current, copies: [{ sequence: 2, text: JSON.stringify(current) }] })).toEqual(['revoked-in-service']);
});

test('a deployment comes back from an item of the table as it went in', () => {
  const deployment = { ...DEPLOYMENTS[1], tokens: null, isFine: true, percent: -3.25, absent: undefined };
  const { absent: _absent, ...present } = deployment;
  expect(membersOf(itemOf(deployment))).toEqual(present);
  expect(membersOf({ deployed_envs: { SS: ['prod', 'dev'] } })).toEqual({ deployed_envs: ['dev', 'prod'] });
  expect(() => membersOf({ odd: { B: 'AA==' } as never })).toThrow('the attribute odd is of a type that the registry does not write: B');
});
