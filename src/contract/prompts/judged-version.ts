import { Cryptography } from './cryptography';
import { findGateFaults, findMissingReviewers, isPolicyChange, PolicyTexts } from './gates';
import { isApprovalOf, isGatesOf, judgedDocument, StatementItem } from './genuine-statements';
import { findUnsignedApproval } from './recorded-approvals';
import { VersionName, versionObject } from './registry-keys';
import { Approval, Gates, PublishedVersion, Release } from './statements';

/** Everything that the registry says of a version whose record is there. */
export interface VersionEvidence extends VersionName {
  /** Without its `content`, which may be long. Read before the approvals, of which it lists some. */
  readonly record: StatementItem;
  /** The SHA-256 of the record's `content`. */
  readonly recordContent: string;
  readonly gates: StatementItem | undefined;
  readonly approvals: readonly StatementItem[];
  /** The document, as it is in the version that the record names; undefined when there is none. */
  readonly document: Uint8Array | undefined;
  /** Where it is active, or a candidate. */
  readonly servedIn: readonly string[];
  /** The environments that `servedIn` is about. */
  readonly environments: readonly string[];
  /** What it took the place of where it serves, as far as it is known; undefined where it is the first. */
  readonly bases?: readonly (PolicyTexts | undefined)[];
}

/** What is wrong with a version. */
export interface VersionFault {
  readonly code:
  | 'document-missing' | 'document-forged' | 'record-changed' | 'approval-forged' | 'not-approved'
  | 'gates-missing' | 'gates-forged' | 'gates-failed' | 'not-published';
  /** As a sentence, mostly without its full stop. */
  readonly message: string;
  /** What it is, and what its record says. */
  readonly activeHash?: string;
  readonly registryHash?: string;
}

/**
 * What is wrong with a version: its document, its gates and its approvals are signed and say that they are of this version, its
 * record, which is not signed, says what they do, and where it serves they allow it. A sandbox has neither gates nor approvals.
 */
export function findVersionFaults(evidence: VersionEvidence, cryptography: Cryptography): VersionFault[] {
  const { record, document: bytes } = evidence;
  const registryHash = textOf(record.template_hash);
  if (bytes === undefined) {
    return [{ code: 'document-missing', message: `${versionObject(evidence)} is not there as its record names it`, registryHash }];
  }
  const { document, fault, templateHash: activeHash } = judgedDocument(bytes, evidence, cryptography);
  if (!document) return [{ code: 'document-forged', message: fault!, activeHash, registryHash }];
  if (cryptography.isSigned === undefined) return findRecordFaults(evidence, document, [], cryptography);
  const { gates: item } = evidence;
  const isGates = item?.template_hash === document.template_hash && isGatesOf(item, evidence, cryptography);
  const gates = isGates ? item as unknown as Gates : undefined;
  const isOfThis = (one: StatementItem): boolean => isApprovalOf(one, evidence, cryptography)
    && one.template_hash === document.template_hash && one.compiled_hash === document.compiled_hash;
  const approvals = evidence.approvals.filter(isOfThis) as unknown as Approval[];
  return [
    ...findRecordFaults(evidence, document, approvals, cryptography),
    ...findGatesFaults(evidence, document, gates),
    ...findApprovalFaults(evidence, document, evidence.approvals.filter(one => !isOfThis(one))),
    ...findUnapproved(evidence, document, { gates, approvals }),
  ];
}

/** What an environment serves is what was published under this version, to the byte. A document that is gone is a fault of the version. */
export function findReleaseFaults(
  { version, template_hash: activeHash, sha256: served }: Release,
  { record, document }: Partial<Pick<VersionEvidence, 'record' | 'document'>>,
  { sha256 }: Cryptography,
): VersionFault[] {
  const isPublished = record && (!document || sha256(document) === served);
  if (isPublished) return [];
  const problem = record ? 'and is not what was published as such' : 'and nobody published it, or its record is gone';
  const message = `version ${version} is served, ${problem}`;
  return [{ code: 'not-published', message, activeHash, registryHash: textOf(record?.template_hash) }];
}

function findRecordFaults(
  { record, recordContent, id, version, servedIn, environments }: VersionEvidence,
  document: PublishedVersion,
  approvals: readonly Approval[],
  { sha256 }: Cryptography,
): VersionFault[] {
  const { template_hash, compiled_hash, track } = document;
  const told = { prompt_id: id, version, template_hash, compiled_hash, track };
  const recorded = Array.isArray(record.deployed_envs) ? record.deployed_envs as string[] : [];
  const deployed = recorded.filter(one => environments.includes(one));
  const changed = [
    ...Object.entries(told).filter(([name, value]) => record[name] !== value).map(([name]) => name),
    ...recordContent === sha256(document.source) ? [] : ['content'],
    ...deployed.length === servedIn.length && servedIn.every(one => deployed.includes(one)) ? [] : ['deployed_envs'],
  ];
  const hashes = { activeHash: textOf(record.template_hash), registryHash: template_hash };
  const named = `the record of ${id} ${version}`;
  const differing = `${named} has another ${changed.join(', ')} than what is signed`;
  const unsigned = findUnsignedApproval(record.approvals, approvals);
  return [
    ...changed.length === 0 ? [] : [{ code: 'record-changed' as const, message: differing, ...hashes }],
    ...unsigned === undefined ? [] : [{ code: 'record-changed' as const, message: `${named} ${unsigned}`, ...hashes }],
  ];
}

function findGatesFaults(
  { gates: item, id, version, servedIn }: VersionEvidence,
  { template_hash: registryHash, track }: PublishedVersion,
  gates: Gates | undefined,
): VersionFault[] {
  const named = `the results of the tests of ${id} ${version}`;
  if (!item) return [{ code: 'gates-missing', message: `${named} are not there`, registryHash }];
  const activeHash = textOf(item.template_hash);
  if (!gates) return [{ code: 'gates-forged', message: `${named} are not what the registry's key signed`, activeHash, registryHash }];
  const faults = servedIn.length === 0 ? [] : findGateFaults(gates, track);
  return faults.map(fault => ({ code: 'gates-failed', message: `${id} ${version}: ${fault}`, activeHash, registryHash }));
}

function findApprovalFaults(
  { id }: VersionEvidence, { template_hash: registryHash }: PublishedVersion, forged: readonly StatementItem[],
): VersionFault[] {
  return forged.map(item => ({
    code: 'approval-forged',
    message: `the approval ${item.sk} of ${id} is not what the registry's key signed`,
    activeHash: textOf(item.template_hash),
    registryHash,
  }));
}

/** What serves has the approvals that its track and its words need. */
function findUnapproved(
  { servedIn, bases = [], id, version }: VersionEvidence, document: PublishedVersion,
  { gates, approvals }: { readonly gates: Gates | undefined; readonly approvals: readonly Approval[] },
): VersionFault[] {
  if (servedIn.length === 0) return [];
  const policyChange = gates?.policy_change === true || bases.some(base => isPolicyChange(document, base));
  const hashes = { activeHash: document.template_hash, registryHash: document.template_hash };
  return findMissingReviewers(document, approvals, policyChange)
    .map(missing => ({ code: 'not-approved', message: `${id} ${version}: ${missing}`, ...hashes }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
