import { hash } from 'node:crypto';
import { Attributes, valuesOf } from './attributes';
import { integrityProblem } from './prompt-problem';
import type { SigningKey } from './signing-key';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { candidateText, isCandidateChosen } from '../../../src/contract/prompts/candidate';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { currentKey, environmentObject, Placed } from '../../../src/contract/prompts/registry-keys';
import { signedText } from '../../../src/contract/prompts/signed-text';

const { partitionKey: PK, sortKey: SK } = PROMPT_REGISTRY.table;
const { minPercent: MIN_PERCENT, maxPercent: MAX_PERCENT } = PROMPT_REGISTRY.candidate;
const VERSION = new RegExp(PROMPT_REGISTRY.versionPattern);
const SHA256 = /^[0-9a-f]{64}$/;

type Fields = Readonly<Record<string, JsonValue | undefined>>;

/** One version as it is deployed: where its document is, and what that has to be. */
export interface Release {
  readonly version: string;
  readonly templateHash: string;
  readonly compiledHash: string;
  readonly key: string;
  readonly objectVersionId: string;
  /** Of the object's bytes. */
  readonly sha256: string;
}

/** What an environment serves. */
export interface Deployment {
  /** Grows with each deployment: an older one that is put back is found by it. */
  readonly sequence: number;
  /** All that it says. */
  readonly text: string;
  readonly active: Release;
  readonly candidate?: Release & { readonly percent: number };
  /** Template hashes that may not be served any more. */
  readonly revoked: readonly string[];
}

/**
 * The deployment that an item says. Errors: it is half-written, it is of another place, it is not signed.
 *
 * @param key undefined where nothing is signed: in the sandbox
 */
export function requireDeployment(item: Attributes, asked: Placed, key: SigningKey | undefined): Deployment {
  const fields = fieldsOf(item);
  const place = currentKey(asked);
  const isOfPlace = fields[PK] === place.pk && fields[SK] === place.sk && fields.kind === 'deployment'
    && fields.environment === asked.environment && fields.prompt_id === asked.id;
  if (!isOfPlace) throw integrityProblem('deployment_place', 'The deployment is one of another prompt, environment or kind.');
  const text = textOf(fields);
  if (key && !key.hasSigned(fields)) throw integrityProblem('deployment_signature', 'The deployment is not signed by the registry\'s key.');
  return read(fields, asked, text);
}

function read(fields: Fields, asked: Placed, text: string): Deployment {
  const { sequence, active, candidate, revoked = [] } = fields;
  if (!Number.isSafeInteger(sequence) || (sequence as number) < 1) throw misshapen('sequence');
  if (!Array.isArray(revoked) || !revoked.every(one => typeof one === 'string')) throw misshapen('revoked');
  return {
    sequence: sequence as number,
    text,
    active: releaseOf(active, asked, 'active'),
    ...candidate !== undefined && { candidate: { ...releaseOf(candidate, asked, 'candidate'), percent: percentOf(candidate) } },
    revoked,
  };
}

function fieldsOf(item: Attributes): Fields {
  try {
    return valuesOf(item);
  } catch (error) {
    throw integrityProblem('deployment_shape', `The deployment has ${(error as Error).message}.`, error);
  }
}

function textOf(fields: Fields): string {
  try {
    return signedText(fields);
  } catch (error) {
    throw integrityProblem('deployment_shape', 'The deployment holds what JSON has no words for.', error);
  }
}

function releaseOf(given: JsonValue | undefined, asked: Placed, name: string): Release {
  const { version, template_hash, compiled_hash, key, object_version_id, sha256 } = Object(given) as Record<string, unknown>;
  const isWhole = typeof version === 'string' && VERSION.test(version) && [template_hash, compiled_hash, sha256].every(isHash)
    && typeof object_version_id === 'string' && object_version_id !== '';
  if (!isWhole) throw misshapen(name);
  if (key !== environmentObject({ ...asked, version })) throw misshapen(`${name}.key`);
  return {
    version,
    key,
    objectVersionId: object_version_id,
    templateHash: template_hash as string,
    compiledHash: compiled_hash as string,
    sha256: sha256 as string,
  };
}

function percentOf(candidate: JsonValue): number {
  const { percent } = candidate as { readonly percent?: unknown };
  if (Number.isInteger(percent) && (percent as number) >= MIN_PERCENT && (percent as number) <= MAX_PERCENT) return percent as number;
  throw misshapen('candidate.percent');
}

const isHash = (value: unknown): boolean => typeof value === 'string' && SHA256.test(value);

function misshapen(member: string): Error {
  return integrityProblem('deployment_shape', `The deployment's member ${member} is not there, or is not what it should be.`);
}

/**
 * The release for a session: one session sees one version. A candidate that was revoked is chosen for none.
 *
 * @param revoked what is known to be revoked by now
 */
export function releaseFor(
  { active, candidate }: Deployment, id: string, sessionKey: string | undefined, revoked: readonly string[],
): Release {
  if (!candidate || sessionKey === undefined || revoked.includes(candidate.templateHash)) return active;
  const digest = hash('sha256', candidateText({ id, version: candidate.version, sessionKey }));
  return isCandidateChosen(digest, candidate.percent) ? candidate : active;
}
