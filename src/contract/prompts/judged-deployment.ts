import { JsonValue } from './canonical-json';
import { Cryptography, isSigned } from './cryptography';
import { templateText } from './hashed-text';
import { PromptContent } from './prompt-content';
import { currentKey, environmentObject, Placed, TableKey } from './registry-keys';
import { signedText } from './signed-text';
import { Deployment, PublishedVersion, Release } from './statements';

/** What is wrong with what an environment serves. */
export interface DeploymentFault {
  readonly code:
  | 'not-signed' | 'wrong-key' | 'wrong-object' | 'object-missing' | 'object-changed' | 'hash-differs' | 'gone-back' | 'not-the-last'
  | 'history-missing' | 'history-forged' | 'revoked-in-service' | 'unreadable';
  /** As a sentence without its full stop. */
  readonly message: string;
  /** What is served, and what the registry knows: the two hashes of an alert. */
  readonly activeHash?: string;
  readonly registryHash?: string;
}

/** Everything that the registry and its bucket say of a prompt in an environment. */
export interface DeploymentEvidence extends Placed {
  /** The table's item; undefined when there is none. */
  readonly current: (Partial<Deployment> & Partial<TableKey>) | undefined;
  /** The locked copies, as they were read; those of the highest sequences are enough. */
  readonly copies: readonly { readonly sequence: number; readonly text: string }[];
  /** Reads an object as it is now, in the version that a release names; undefined when there is none. */
  readonly objects: ReadonlyMap<string, Uint8Array | undefined>;
}

/** The name under which an object is among the evidence. */
export function objectName({ key, object_version_id }: Pick<Release, 'key' | 'object_version_id'>): string {
  return `${key}?${object_version_id}`;
}

/** The releases of a deployment. */
export function releasesOf({ active, candidate }: Pick<Deployment, 'active' | 'candidate'>): Release[] {
  return candidate ? [active, candidate] : [active];
}

/**
 * What is wrong with what an environment serves: its deployment is signed and is this environment's, it is the last one that the locked
 * history knows, and the objects that it names are the published ones, to the byte. A copy of the next sequence is one in flight.
 */
export function findDeploymentFaults(evidence: DeploymentEvidence, cryptography: Cryptography): DeploymentFault[] {
  const { current, copies } = evidence;
  const forged = findForgedCopies(evidence, cryptography);
  // What somebody else put there says nothing of how far the history goes.
  const genuine = copies.filter(copy => !forged.has(copy.sequence));
  const last = genuine.reduce((highest, { sequence }) => Math.max(highest, sequence), 0);
  if (current === undefined) {
    // The first deployment may be in flight.
    const gone = { code: 'gone-back' as const, message: `the table has no deployment, and the locked history has ${last}` };
    return last > 1 ? [...forged.values(), gone] : [...forged.values()];
  }
  const statementFaults = findStatementFaults(current, evidence, cryptography);
  if (statementFaults.length > 0) return [...statementFaults, ...forged.values()];
  const deployment = current as Deployment;
  const activeHash = deployment.active.template_hash;
  return [
    ...[...forged.values()].map(fault => ({ ...fault, activeHash })),
    ...forged.has(deployment.sequence) ? [] : findHistoryFaults(deployment, genuine, last),
    ...findGaps(copies.map(({ sequence }) => sequence), deployment),
    ...releasesOf(deployment).flatMap(release => findReleaseFaults(release, deployment, evidence, cryptography)),
  ];
}

/** What is wrong with a deployment itself: its signature, or whom it is for. */
export function findStatementFaults(
  statement: Partial<Deployment> & Partial<TableKey>, placed: Placed, cryptography: Cryptography,
): DeploymentFault[] {
  const key = currentKey(placed);
  const isHere = statement.kind === 'deployment' && statement.environment === placed.environment && statement.prompt_id === placed.id
    && (statement.pk ?? key.pk) === key.pk && (statement.sk ?? key.sk) === key.sk;
  if (!isHere || !Number.isSafeInteger(statement.sequence) || !statement.active?.template_hash) {
    return [{ code: 'wrong-key', message: `what stands there is no deployment of ${placed.id} in ${placed.environment}` }];
  }
  if (!isSigned(statement as unknown as Record<string, unknown>, cryptography)) {
    const activeHash = statement.active.template_hash;
    return [{ code: 'not-signed', message: 'the deployment is not signed by the registry\'s key', activeHash }];
  }
  return [];
}

/** The locked copies that are no deployments of their sequence, or that the registry's key did not sign. */
function findForgedCopies(evidence: DeploymentEvidence, cryptography: Cryptography): ReadonlyMap<number, DeploymentFault> {
  return new Map(evidence.copies.flatMap(({ sequence, text }) => {
    const copy = tryParse(text);
    const faults = findStatementFaults(copy ?? {}, evidence, cryptography);
    if (copy && faults.length === 0 && copy.sequence === sequence) return [];
    const message = `the locked copy of deployment ${sequence} is not what the registry's key signed as such`;
    return [[sequence, { code: 'history-forged' as const, message, registryHash: tryHash(text) }] as const];
  }));
}

/** Sequences that are missing between the first of the copies and the one that is served. */
function findGaps(sequences: readonly number[], { sequence: served, active }: Deployment): DeploymentFault[] {
  const known = new Set(sequences);
  const first = sequences.reduce((lowest, sequence) => Math.min(lowest, sequence), served);
  const missing = Array.from({ length: served - first }, (_, index) => first + index).filter(sequence => !known.has(sequence));
  if (missing.length === 0) return [];
  const message = `the locked history has no deployment ${missing.slice(0, 10).join(', ')}${missing.length > 10 ? ', …' : ''}`;
  return [{ code: 'history-missing', message, activeHash: active.template_hash }];
}

function findHistoryFaults(deployment: Deployment, copies: DeploymentEvidence['copies'], last: number): DeploymentFault[] {
  const { sequence, active } = deployment;
  const activeHash = active.template_hash;
  // A copy of the next sequence is in flight; one beyond it says that the table went back.
  if (last > sequence + 1) {
    const registryHash = tryHash(copies.find(copy => copy.sequence === last)?.text);
    const message = `the table serves deployment ${sequence}, and the locked history has ${last}`;
    return [{ code: 'gone-back', message, activeHash, registryHash }];
  }
  const copy = copies.find(one => one.sequence === sequence);
  if (!copy) return [{ code: 'history-missing', message: `the locked history has no deployment ${sequence}`, activeHash }];
  const served = signedText(deployment as unknown as Record<string, JsonValue>);
  const locked = tryParse(copy.text);
  if (locked !== undefined && signedText(locked) === served) return [];
  const message = `deployment ${sequence} of the table is not the one of the locked history`;
  return [{ code: 'not-the-last', message, activeHash, registryHash: tryHash(copy.text) }];
}

function findReleaseFaults(
  release: Release, { environment, prompt_id, revoked }: Deployment, { objects }: DeploymentEvidence, cryptography: Cryptography,
): DeploymentFault[] {
  const { version, key, template_hash: registryHash } = release;
  if (revoked.includes(registryHash)) {
    return [{ code: 'revoked-in-service', message: `version ${version} is revoked and in service`, activeHash: registryHash }];
  }
  if (key !== environmentObject({ environment, id: prompt_id, version })) {
    return [{ code: 'wrong-object', message: `version ${version} is read from ${key}`, registryHash }];
  }
  const bytes = objects.get(objectName(release));
  if (bytes === undefined) return [{ code: 'object-missing', message: `${key} is not there`, registryHash }];
  const document = tryParse(new TextDecoder().decode(bytes)) as PublishedVersion | undefined;
  const activeHash = document && hashOf(document, cryptography);
  if (cryptography.sha256(bytes) !== release.sha256) {
    return [{ code: 'object-changed', message: `${key} is not what was deployed`, activeHash, registryHash }];
  }
  if (!document || !isSigned(document as unknown as Record<string, unknown>, cryptography)) {
    return [{ code: 'not-signed', message: `${key} is not signed by the registry's key`, activeHash, registryHash }];
  }
  if (document.id !== prompt_id || document.version !== version || activeHash !== registryHash) {
    return [{ code: 'hash-differs', message: `${key} has another content than its hash says`, activeHash, registryHash }];
  }
  return [];
}

function hashOf(document: PublishedVersion, { sha256 }: Cryptography): string | undefined {
  try {
    return sha256(templateText(document as PromptContent));
  } catch {
    return undefined;
  }
}

function tryParse(text: string | undefined): Record<string, JsonValue> | undefined {
  try {
    const value = JSON.parse(text ?? '') as unknown;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value as Record<string, JsonValue> : undefined;
  } catch {
    return undefined;
  }
}

function tryHash(copy: string | undefined): string | undefined {
  return (tryParse(copy)?.active as unknown as Release | undefined)?.template_hash;
}
