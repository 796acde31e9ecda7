import { JsonValue } from './canonical-json';
import { compiledText, templateText } from './hashed-text';
import { Cryptography, isSigned } from './judged-deployment';
import { approvalKey, gatesKey, TableKey, VersionName, versionObject } from './registry-keys';
import { Approval, PublishedVersion } from './statements';

type Item = Readonly<Record<string, unknown>> & Partial<TableKey>;

/** Everything that the registry says of a version whose record is there. */
export interface VersionEvidence extends VersionName {
  /** Without its `content`, which may be long. */
  readonly record: Item;
  /** The SHA-256 of the record's `content`. */
  readonly recordContent: string;
  readonly gates: Item | undefined;
  readonly approvals: readonly Item[];
  /** The document, as it is in the version that the record names; undefined when there is none. */
  readonly document: Uint8Array | undefined;
  /** Where it is active, or a candidate. */
  readonly servedIn: readonly string[];
  /** The environments that `servedIn` is about. */
  readonly environments: readonly string[];
}

/** What is wrong with a version. */
export interface VersionFault {
  readonly code: 'document-missing' | 'document-forged' | 'record-changed' | 'approval-forged' | 'gates-forged';
  /** As a sentence without its full stop. */
  readonly message: string;
  /** What it is, and what its record says. */
  readonly activeHash?: string;
  readonly registryHash?: string;
}

/**
 * What is wrong with a version: its document, its gates and its approvals are signed and say that they are of this version, and its
 * record, which is not signed, says what they do. A command refuses each of these by itself; nobody runs one every day.
 */
export function findVersionFaults(evidence: VersionEvidence, cryptography: Cryptography): VersionFault[] {
  const { record, document: bytes } = evidence;
  const key = versionObject(evidence);
  const registryHash = textOf(record.template_hash);
  if (bytes === undefined) return [{ code: 'document-missing', message: `${key} is not there as its record names it`, registryHash }];
  const document = tryDocument(bytes, evidence);
  const hashes = document && tryHashes(document, cryptography);
  const isGenuine = document && hashes && isSigned(document as unknown as Record<string, JsonValue>, cryptography)
    && hashes.template === document.template_hash && hashes.compiled === document.compiled_hash;
  if (!isGenuine) {
    const message = `${key} is not what the registry's key signed as this version`;
    return [{ code: 'document-forged', message, activeHash: hashes?.template, registryHash }];
  }
  return [
    ...findRecordFaults(evidence, document, cryptography),
    ...findGatesFaults(evidence, document, cryptography),
    ...findApprovalFaults(evidence, document, cryptography),
  ];
}

function findRecordFaults(
  { record, recordContent, id, version, servedIn, environments }: VersionEvidence,
  document: PublishedVersion,
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
  if (changed.length === 0) return [];
  return [{
    code: 'record-changed',
    message: `the record of ${id} ${version} has another ${changed.join(', ')} than what is signed`,
    activeHash: textOf(record.template_hash),
    registryHash: template_hash,
  }];
}

function findGatesFaults({ gates, ...name }: VersionEvidence, document: PublishedVersion, cryptography: Cryptography): VersionFault[] {
  const { kind, prompt_id, version, template_hash } = gates ?? {};
  const isHere = kind === 'gates' && prompt_id === name.id && version === name.version && template_hash === document.template_hash;
  if (gates && isHere && isAt(gates, gatesKey(name)) && isSigned(gates as Record<string, JsonValue>, cryptography)) return [];
  const problem = gates ? 'not what the registry\'s key signed' : 'not there';
  const message = `the results of the tests of ${name.id} ${name.version} are ${problem}`;
  return [{ code: 'gates-forged', message, activeHash: textOf(template_hash), registryHash: document.template_hash }];
}

/** A genuine one of another version, another role or another person, put where it does not belong, is forged too. */
function findApprovalFaults(
  { approvals, ...name }: VersionEvidence, document: PublishedVersion, cryptography: Cryptography,
): VersionFault[] {
  return approvals.filter(item => {
    const { kind, prompt_id, version, role, reviewer, template_hash, compiled_hash } = item as Partial<Approval>;
    const isHere = kind === 'approval' && prompt_id === name.id && version === name.version && template_hash === document.template_hash
      && compiled_hash === document.compiled_hash && isAt(item, approvalKey({ ...name, role: String(role), reviewer: String(reviewer) }));
    return !isHere || !isSigned(item as Record<string, JsonValue>, cryptography);
  }).map(item => ({
    code: 'approval-forged',
    message: `the approval ${item.sk} of ${name.id} is not what the registry's key signed`,
    activeHash: textOf(item.template_hash),
    registryHash: document.template_hash,
  }));
}

function isAt({ pk, sk }: Item, key: TableKey): boolean {
  return (pk ?? key.pk) === key.pk && (sk ?? key.sk) === key.sk;
}

function tryDocument(bytes: Uint8Array, { id, version }: VersionName): PublishedVersion | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as PublishedVersion | null;
    return value?.kind === 'version' && value.id === id && value.version === version ? value : undefined;
  } catch {
    return undefined;
  }
}

function tryHashes(document: PublishedVersion, { sha256 }: Cryptography): { template: string; compiled: string } | undefined {
  try {
    return { template: sha256(templateText(document)), compiled: sha256(compiledText(document, document.variables)) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
