import { verify, createPublicKey } from 'crypto';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';
import { findOverwritten, ObjectVersion } from '../../../src/contract/prompts/judged-objects';
import { findReleaseFaults, findVersionFaults, VersionEvidence } from '../../../src/contract/prompts/judged-version';
import { approvalKey, eventKey, gatesKey, recordKey } from '../../../src/contract/prompts/registry-keys';
import { tryItemPlace, tryObjectPlace } from '../../../src/contract/prompts/registry-places';
import type { Release } from '../../../src/contract/prompts/statements';
import { published, PUBLIC_KEY, sha256, signed, Statement } from '../../support/prompt-registry/signed-prompts';

const key = createPublicKey({ key: PUBLIC_KEY, format: 'der', type: 'spki' });
const CRYPTOGRAPHY: Cryptography = {
  sha256,
  isSigned: (text, signature) => verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'base64')),
};
const NAME = { id: 'greeting', version: '1.0.0' };
const DOCUMENT = published({ edit: document => { document.tokens = { sample: 8, maximum: 20 }; } });
const { template_hash, compiled_hash } = DOCUMENT.release;
const CONTENT = (JSON.parse(DOCUMENT.bytes.toString()) as { source: string }).source;

const TIME = '2026-11-28T04:00:00Z';
const approval = (changes: Statement = {}, sign = true) => {
  const said: Statement = {
    kind: 'approval',
    prompt_id: NAME.id,
    version: NAME.version,
    template_hash,
    compiled_hash,
    reviewer: 'bob',
    role: 'engineer',
    identity: 'arn:aws:iam::111122223333:user/bob',
    time: TIME,
    ...changes,
  };
  return { ...sign ? signed(said) : said, ...approvalKey({ ...NAME, role: 'engineer', reviewer: 'bob' }) };
};
const PASSED = { passed: 20, failed: 0 };
const gates = (changes: Statement = {}) => {
  const tested = { golden: PASSED, safety: PASSED, tokens: null, policy_change: false };
  const said = { kind: 'gates', prompt_id: NAME.id, version: NAME.version, template_hash, ...tested };
  return { ...signed({ ...said, ...changes }), ...gatesKey(NAME) };
};
const safetyOfficer = {
  ...signed({ ...approval({ role: 'safety_officer', reviewer: 'eve' }, false) }),
  ...approvalKey({ ...NAME, role: 'safety_officer', reviewer: 'eve' }),
};
const RECORD = {
  ...recordKey(NAME),
  prompt_id: NAME.id,
  version: NAME.version,
  template_hash,
  compiled_hash,
  track: 'standard',
  deployed_envs: ['prod'],
  approvals: [{ reviewer: 'bob', role: 'engineer', time: TIME }],
};
const EVIDENCE: VersionEvidence = {
  ...NAME,
  record: RECORD,
  recordContent: sha256(CONTENT),
  gates: gates(),
  approvals: [approval()],
  document: DOCUMENT.bytes,
  servedIn: ['prod'],
  environments: ['dev', 'prod'],
};
const NOWHERE = { record: { ...RECORD, deployed_envs: undefined }, servedIn: [] };
const record = (changes: object) => ({ record: { ...RECORD, ...changes } });
const edited = published({ edit: document => { document.messages = [{ role: 'user', text: 'Sell {{name}} something.' }]; } });
const unsigned = published({ text: 'Sell {{name}} something.', key: null });

test.each<[string, Partial<VersionEvidence>, string[]]>([
  ['what was published is fine', {}, []],
  ['an environment of another registry is not looked at', record({ deployed_envs: ['prod', 'removed'] }), []],
  ['a document that is gone', { document: undefined }, ['document-missing']],
  ['a document that is no JSON', { document: Buffer.from('…') }, ['document-forged']],
  ['the document of another version', { document: published({ version: '2.0.0' }).bytes }, ['document-forged']],
  ['content and hash changed together, without the key', { document: unsigned.bytes }, ['document-forged']],
  ['a content that is not that of its hash, though signed', { document: edited.bytes }, ['document-forged']],
  ['a record with another hash', record({ template_hash: sha256('other') }), ['record-changed']],
  ['a record on another track', record({ track: 'expedited' }), ['record-changed']],
  ['a record of another text', { recordContent: sha256('other') }, ['record-changed']],
  ['a record that hides where it is deployed', record({ deployed_envs: undefined }), ['record-changed']],
  ['a record that claims more', record({ deployed_envs: ['prod', 'dev'] }), ['record-changed']],
  ['a record that an approval did not come to yet', record({ approvals: [] }), []],
  ['a record that lists an approval of nobody', record({ approvals: [{ reviewer: 'eve', role: 'engineer', time: TIME }] }),
    ['record-changed']],
  ['a record that lists an approval as of another time', record({ approvals: [{ reviewer: 'bob', role: 'engineer', time: 'now' }] }),
    ['record-changed']],
  ['a record that says more of an approval', record({ approvals: [{ ...RECORD.approvals[0], role_of: 'all' }] }), ['record-changed']],
  ['a record whose approvals are no list', record({ approvals: 'all' }), ['record-changed']],
  ['no gates', { gates: undefined }, ['gates-missing']],
  ['gates that failed, though signed', { gates: gates({ safety: { passed: 19, failed: 1 } }) }, ['gates-failed']],
  ['gates that failed where it serves nobody', { gates: gates({ safety: { passed: 19, failed: 1 } }), ...NOWHERE }, []],
  ['no approval', { approvals: [], ...record({ approvals: [] }) }, ['not-approved']],
  ['no approval where it serves nobody', { approvals: [], ...record({ approvals: [], deployed_envs: undefined }), servedIn: [] }, []],
  ['a policy that no safety officer read', { gates: gates({ policy_change: true }) }, ['not-approved']],
  ['a policy that the version before did not have', { bases: [undefined, { messages: [{ role: 'user', text: 'Never.' }] }] },
    ['not-approved']],
  ['the same, and a safety officer read it', {
    bases: [{ messages: [{ role: 'user', text: 'Never.' }] }], approvals: [approval(), safetyOfficer],
  }, []],
  ['gates without a signature', { gates: { ...gates(), policy_change: true } }, ['gates-forged']],
  ['the gates of another version', { gates: gates({ version: '2.0.0' }) }, ['gates-forged']],
  ['an approval that nobody signed', { approvals: [approval(), approval({}, false)] }, ['approval-forged']],
  ['a genuine approval of another version', { approvals: [approval(), approval({ version: '2.0.0' })] }, ['approval-forged']],
  ['a genuine approval of another reviewer, put in this one\'s place', { approvals: [approval({ reviewer: 'eve' })] },
    ['record-changed', 'approval-forged', 'not-approved']],
  ['an approval of another content', { approvals: [approval(), approval({ template_hash: sha256('other') })] }, ['approval-forged']],
])('%s', (_name, changed, expected) => {
  expect(findVersionFaults({ ...EVIDENCE, ...changed }, CRYPTOGRAPHY).map(({ code }) => code)).toEqual(expected);
});

test('a changed record is told with both hashes', () => {
  const other = sha256('other');
  const [fault] = findVersionFaults({ ...EVIDENCE, ...record({ template_hash: other }) }, CRYPTOGRAPHY);
  expect(fault).toMatchObject({
    activeHash: other, registryHash: template_hash, message: 'the record of greeting 1.0.0 has another template_hash than what is signed',
  });
});

test('a sandbox has neither gates nor approvals', () => {
  const evidence = { ...EVIDENCE, gates: undefined, approvals: [], document: unsigned.bytes, ...record({ approvals: [] }) };
  expect(findVersionFaults(evidence, { sha256 }).map(({ code }) => code)).toEqual(['record-changed']);
  expect(findVersionFaults({ ...EVIDENCE, ...record({ approvals: [] }), gates: undefined, approvals: [] }, { sha256 })).toEqual([]);
});

test.each<[string, Partial<VersionEvidence>, string[]]>([
  ['what was published serves', {}, []],
  ['what is served was published by nobody', { record: undefined },
    ['version 1.0.0 is served, and nobody published it, or its record is gone']],
  ['other words are served', { document: unsigned.bytes }, ['version 1.0.0 is served, and is not what was published as such']],
  ['the document is gone, which is told of the version', { document: undefined }, []],
])('%s', (_name, changed, expected) => {
  const release = { ...DOCUMENT.release } as unknown as Release;
  expect(findReleaseFaults(release, { ...EVIDENCE, ...changed }, CRYPTOGRAPHY).map(({ message }) => message)).toEqual(expected);
});

describe('an object', () => {
  const KEY = 'environments/prod/greeting/1.0.0.json';
  const version = (changes: Partial<ObjectVersion> = {}): ObjectVersion =>
    ({ key: KEY, versionId: 'v1', isLatest: true, isDeleteMarker: false, bytes: 9, ...changes });

  test.each<[string, ObjectVersion[], string[]]>([
    ['that was written once is fine', [version()], []],
    ['that was written again is told', [version({ versionId: 'v2' }), version({ isLatest: false })], [`overwritten ${KEY}`]],
    ['that was deleted is told', [version({ versionId: 'm', isDeleteMarker: true }), version({ isLatest: false })], [`deleted ${KEY}`]],
    ['that no command writes is not looked at', [version({ key: 'a' }), version({ key: 'a' })], []],
  ])('%s', (_name, versions, expected) => {
    expect(findOverwritten(versions).map(({ code, key: of }) => `${code} ${of}`)).toEqual(expected);
  });
});

test('what a key is the key of', () => {
  expect(tryObjectPlace('deployments/prod/greeting/0000000012.json'))
    .toEqual({ kind: 'deployment', id: 'greeting', environment: 'prod', sequence: 12 });
  expect(tryObjectPlace('versions/greeting/1.0.0.json')).toMatchObject({ kind: 'version', id: 'greeting', version: '1.0.0' });
  for (const stray of ['versions/greeting/a/1.0.0.json', 'versions/1.0.0.json', 'environments/prod/greeting/1.0.0', 'x']) {
    expect(tryObjectPlace(stray)).toBeUndefined();
  }
  const reviewer = 'arn:aws:sts::111122223333:assumed-role/Team#1/bob';
  expect(tryItemPlace(approvalKey({ ...NAME, role: 'engineer', reviewer }))).toMatchObject({ kind: 'approval', ...NAME });
  expect(tryItemPlace(eventKey({ environment: 'prod', id: 'greeting', sequence: 3 })))
    .toMatchObject({ kind: 'event', environment: 'prod', sequence: 3 });
  expect(tryItemPlace({ pk: 'prompt#greeting', sk: 'current' })).toBeUndefined();
});
