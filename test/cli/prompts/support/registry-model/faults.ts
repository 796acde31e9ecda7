import { AUTHOR } from './orders';
import { approvalsOf, copiesOf, currentOf, eventsOf, Item, keyAfter, recordsOf, Snapshot } from './snapshot';
import { sha256 } from '../../../../../cli/prompts/registry/seal';
import { canonicalJson, JsonValue } from '../../../../../src/contract/prompts/canonical-json';
import { releasesOf } from '../../../../../src/contract/prompts/judged-deployment';
import { approvalKey, environmentObject, recordKey, versionObject } from '../../../../../src/contract/prompts/registry-keys';
import type { Approval, Deployment, PublishedVersion, Release } from '../../../../../src/contract/prompts/statements';

/** What a registry promises, told without its code. */
export interface Judged {
  readonly id: string;
  /** In the order of promotion. */
  readonly environments: readonly string[];
  /** What commands answered so far: none of it may ever be lost. */
  readonly answers: readonly Answer[];
  /** The details of the events that the bus took. */
  readonly sent: readonly string[];
  /** Whether a command went over the prompt after everything else, and was not cut off. */
  readonly isRecovered: boolean;
}

export type Answer = PublishedVersion | Approval | Deployment;

/** Each promise that is broken, as a sentence. */
export function findFaults(judged: Judged, before: Snapshot, after: Snapshot): string[] {
  return [
    ...findLost(judged, before, after),
    ...findRecordFaults(judged, after),
    ...judged.environments.flatMap(environment => [
      ...findSequenceFaults(judged, environment, after),
      ...findServiceFaults(judged, environment, before, after),
      ...findEventFaults(judged, environment, after),
    ]),
  ];
}

/** What was written once is never gone or changed; a record may only say who approves it, where it is deployed, that it is revoked. */
function findLost({ id, answers }: Judged, before: Snapshot, after: Snapshot): string[] {
  const objects = [...before.objects].filter(([key, { text }]) => after.objects.get(key)?.text !== text).map(([key]) => key);
  const overwritten = [...after.objects].filter(([, { versions }]) => versions !== 1).map(([key]) => key);
  const kept = (snapshot: Snapshot) => new Map([...recordsOf(snapshot, id), ...approvalsOf(snapshot, id)]
    .map(({ deployed_envs: _environments, revoked: _revoked, approvals: _approvals, ...item }) => [item.sk, textOf(item)]));
  const now = kept(after);
  const items = [...kept(before)].filter(([sk, text]) => now.get(sk) !== text).map(([sk]) => sk);
  const revoked = recordsOf(before, id).filter(({ revoked: was, sk }) =>
    was && textOf(was) !== textOf(recordsOf(after, id).find(record => record.sk === sk)?.revoked)).map(({ sk }) => sk);
  const unlisted = recordsOf(before, id).filter(({ approvals, sk }) => {
    const listed = listedIn(recordsOf(after, id).find(record => record.sk === sk)?.approvals);
    return listedIn(approvals).some(approval => !listed.includes(approval));
  }).map(({ sk }) => sk);
  const missing = answers.filter(answer => !hasAnswer(answer, after));
  return [
    ...objects.map(key => `the object ${key} is gone or changed`),
    ...overwritten.map(key => `the object ${key} was written twice`),
    ...items.map(sk => `the item ${sk} is gone or changed`),
    ...revoked.map(sk => `the item ${sk} is not revoked any more`),
    ...unlisted.map(sk => `the item ${sk} lost an approval`),
    ...missing.map(answer => `a command answered what is not there: ${textOf(answer)}`),
  ];
}

function listedIn(approvals: unknown): string[] {
  return (approvals as object[] | undefined ?? []).map(textOf);
}

function hasAnswer(answer: Answer, { objects, items }: Snapshot): boolean {
  if (answer.kind === 'version') {
    const key = recordKey(answer);
    return objects.get(versionObject(answer))?.text === textOf(answer) && items.some(({ pk, sk }) => pk === key.pk && sk === key.sk);
  }
  if (answer.kind === 'approval') {
    const { sk } = approvalKey({ id: answer.prompt_id, ...answer });
    return items.some(item => item.sk === sk && item.signature === answer.signature);
  }
  const placed = { environment: answer.environment, id: answer.prompt_id };
  return objects.get(keyAfter(placed, answer.sequence - 1))?.text === textOf(answer);
}

/** A record says what its document says, and is deployed where it is served: so no environment has two active versions. */
function findRecordFaults({ id, environments }: Judged, after: Snapshot): string[] {
  return recordsOf(after, id).flatMap(record => {
    const version = record.version as string;
    const document = tryDocument(after, versionObject({ id, version }));
    const isSame = document !== undefined && document.template_hash === record.template_hash
      && document.compiled_hash === record.compiled_hash && document.source === record.content && document.track === record.track;
    const signed = listedIn(approvalsOf(after, id).filter(one => one.version === version)
      .map(({ reviewer, role, time }) => ({ reviewer, role, time })));
    const unsigned = listedIn(record.approvals).filter(approval => !signed.includes(approval));
    const served = environments.filter(environment => releasesIn(after, { environment, id }).some(one => one.version === version));
    const said = [...record.deployed_envs as string[] | undefined ?? []].sort();
    return [
      ...isSame ? [] : [`the record of ${version} is not its document`],
      ...unsigned.map(approval => `the record of ${version} lists ${approval}, which nobody gave`),
      ...textOf(said) === textOf([...served].sort()) ? []
        : [`the record of ${version} names ${said.join() || 'nothing'}, and served is it in ${served.join() || 'nothing'}`],
    ];
  });
}

/** The locked copies are 1, 2, … without a gap; the table has the last of them, or the one before it while somebody is cut off. */
function findSequenceFaults({ id, isRecovered }: Judged, environment: string, after: Snapshot): string[] {
  const placed = { environment, id };
  const copies = copiesOf(after, placed);
  const current = currentOf(after, placed);
  const sequence = current?.sequence ?? 0;
  const gap = copies.findIndex(({ key, copy }, index) => key !== keyAfter(placed, index) || copy.sequence !== index + 1);
  return [
    ...gap < 0 ? [] : [`${environment}: ${copies[gap].key} is not deployment ${gap + 1}`],
    ...sequence === copies.length || (!isRecovered && sequence + 1 === copies.length) ? []
      : [`${environment}: the table has deployment ${sequence}, the history ${copies.length}`],
    ...!current || textOf(copies[sequence - 1]?.copy) === textOf(current) ? []
      : [`${environment}: the table's deployment ${sequence} is not that of the history`],
  ];
}

/** Whatever came into service since the last look was approved, went the way of its track, and was revoked nowhere. */
function findServiceFaults(judged: Judged, environment: string, before: Snapshot, after: Snapshot): string[] {
  const { id, environments } = judged;
  const placed = { environment, id };
  const copies = copiesOf(after, placed).map(({ copy }) => copy);
  const known = copiesOf(before, placed).length;
  const revokedBefore = environments.flatMap(one => copiesOf(before, { environment: one, id }).slice(-1)[0]?.copy.revoked ?? []);
  return copies.slice(known).flatMap((copy, index) => {
    const last = copies[known + index - 1] as Deployment | undefined;
    const at = `${environment}, deployment ${copy.sequence}`;
    const lost = last?.revoked.filter(hash => !copy.revoked.includes(hash)) ?? [];
    const wrong = releasesOf(copy).flatMap(release => {
      const { version, template_hash: hash } = release;
      const isNew = !last || ![last.active.version, last.candidate?.version].includes(version)
        || (version === copy.active.version && version !== last.active.version);
      return [
        ...copy.revoked.includes(hash) || (isNew && revokedBefore.includes(hash)) ? [`${version} is served and revoked`] : [],
        ...findReleaseFaults(release, placed, after),
        ...isNew && copy.reason === undefined ? findWayFaults(judged, release, copy, last, after) : [],
        ...isNew && copy.reason !== undefined && !copies.some(one => one.sequence < copy.sequence && one.active.version === version)
          ? [`${version} was never active, and serves after a rollback`] : [],
      ];
    });
    return [...lost.map(hash => `${at}: ${hash} is not revoked any more`), ...wrong.map(fault => `${at}: ${fault}`)];
  });
}

/** What is served is, to the byte, what was published. */
function findReleaseFaults(release: Release, { environment, id }: { environment: string; id: string }, after: Snapshot): string[] {
  const { version, key } = release;
  const text = after.objects.get(key)?.text;
  const isRight = key === environmentObject({ environment, id, version }) && text !== undefined && sha256(text) === release.sha256
    && text === after.objects.get(versionObject({ id, version }))?.text
    && tryDocument(after, key)?.template_hash === release.template_hash;
  return isRight ? [] : [`${version} is not what was published`];
}

function findWayFaults(
  { id, environments }: Judged, { version }: Release, copy: Deployment, last: Deployment | undefined, after: Snapshot,
): string[] {
  const document = tryDocument(after, versionObject({ id, version }))!;
  const approvals = approvalsOf(after, id).map(item => item as unknown as Approval).filter(approval => approval.version === version
    && approval.template_hash === document.template_hash && approval.compiled_hash === document.compiled_hash
    && approval.reviewer !== AUTHOR);
  const people = (role: string) => approvals.filter(approval => approval.role === role).map(({ reviewer }) => reviewer);
  const isPolicy = ({ source }: Pick<PublishedVersion, 'source'>) => source.startsWith('Never');
  const served = last && tryDocument(after, last.active.key);
  const policyChanged = served ? isPolicy(document) !== isPolicy(served) : isPolicy(document);
  const isStandard = document.track === 'standard';
  const isLast = copy.environment === environments[environments.length - 1];
  const wasActive = (environment: string) => copiesOf(after, { environment, id }).some(one => one.copy.active.version === version);
  const earlier = environments.slice(0, environments.indexOf(copy.environment));
  const needed = isStandard ? earlier : isLast ? earlier.slice(-1) : [];
  const isSkipping = isStandard && isLast && last && version === copy.active.version && last.candidate?.version !== version;
  const isApproved = isStandard ? people('engineer').length > 0
    : people('tech_lead').some(lead => people('safety_officer').some(officer => officer !== lead));
  return [
    ...isApproved ? [] : [`${version} is served and nobody approved it`],
    ...policyChanged && people('safety_officer').length === 0 ? [`${version} changes a policy that no safety officer read`] : [],
    ...needed.filter(environment => !wasActive(environment)).map(environment => `${version} was never active in ${environment}`),
    ...isSkipping ? [`${version} was no candidate before`] : [],
  ];
}

/** Each deployment has one event, which says what changed; after a recovery each was sent. And what a deployment revoked is marked. */
function findEventFaults({ id, sent, isRecovered }: Judged, environment: string, after: Snapshot): string[] {
  const placed = { environment, id };
  const deployed = copiesOf(after, placed).map(({ copy }) => copy).slice(0, currentOf(after, placed)?.sequence ?? 0);
  const events = eventsOf(after, placed);
  const numbers = events.map(({ sk }) => Number(sk.split('#')[1]));
  const wrong = deployed.flatMap((copy, index) => {
    const event = events[index] as typeof events[number] | undefined;
    if (numbers[index] !== copy.sequence || !event) return [`deployment ${copy.sequence} has no event`];
    const detail = event.detail as Record<string, JsonValue>;
    const isRight = detail.event_id === copy.event_id && detail.sequence === copy.sequence && detail.environment === environment
      && detail.to_version === (copy.candidate ?? copy.active).version
      && event.detail_type === (copy.reason === undefined ? 'PromptPromoted' : 'PromptRollback');
    const isSent = sent.includes(textOf(detail));
    return [
      ...isRight ? [] : [`the event of deployment ${copy.sequence} says something else`],
      ...(event.published === true || isRecovered) && !isSent ? [`the event of deployment ${copy.sequence} was never sent`] : [],
      ...isRecovered && event.published !== true ? [`the event of deployment ${copy.sequence} still waits`] : [],
      ...findUnmarked(deployed.slice(0, index), copy, recordsOf(after, id)),
    ];
  });
  const spare = numbers.length > deployed.length ? ['there are more events than deployments'] : [];
  return [...wrong, ...spare].map(fault => `${environment}: ${fault}`);
}

/** Every version that served there and that a deployment revoked says so in its record. */
function findUnmarked(before: readonly Deployment[], { revoked }: Deployment, records: readonly Item[]) {
  const gone = before.flatMap(releasesOf).filter(({ template_hash: hash }) => revoked.includes(hash));
  return [...new Set(gone.map(({ version }) => version))].filter(version => !records.find(record => record.version === version)?.revoked)
    .map(version => `the record of ${version} does not say that it is revoked`);
}

function releasesIn(after: Snapshot, placed: { environment: string; id: string }): Release[] {
  const current = currentOf(after, placed);
  return current ? releasesOf(current) : [];
}

function tryDocument({ objects }: Snapshot, key: string): PublishedVersion | undefined {
  const text = objects.get(key)?.text;
  return text === undefined ? undefined : JSON.parse(text) as PublishedVersion;
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : canonicalJson(value as JsonValue);
}
