import { PROMPT_REGISTRY } from '../../../src/contract/data';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';
import { templateText } from '../../../src/contract/prompts/hashed-text';
import { type DeploymentFault, findStatementFaults } from '../../../src/contract/prompts/judged-deployment';
import type { Placed } from '../../../src/contract/prompts/registry-keys';
import type { Deployment, PublishedVersion } from '../../../src/contract/prompts/statements';

const { leftBehindSeconds: LEFT_BEHIND } = PROMPT_REGISTRY.driftAudit;

/** What has no canonical form, or half of a shape, is an error of whoever wrote it, and not of the audit. */
export function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}

export function unreadable({ message }: Error): string {
  return `it holds what no command writes: ${message}`;
}

/** The locked copy of a deployment, when the registry's key signed it as the one of its place and its sequence. */
export function tryDeployment(
  written: Uint8Array | string | undefined,
  place: Placed & { readonly sequence: number },
  { cryptography }: { readonly cryptography: Cryptography },
): Deployment | undefined {
  const copy = tryParse(written) as Partial<Deployment> | undefined;
  if (copy?.sequence !== place.sequence) return undefined;
  const faults = attempt(() => findStatementFaults(copy, place, cryptography));
  return Array.isArray(faults) && faults.length === 0 ? copy as Deployment : undefined;
}

/** Whether the command that made a deployment may still be about to finish it. */
export function isFresh({ time }: Deployment): boolean {
  return Date.now() - Date.parse(time) < LEFT_BEHIND * 1_000;
}

/** The template hash of a document's content, or that which a deployment tells of what is active. */
export function hashIn(written: Uint8Array | string | undefined, { sha256 }: Cryptography): string | undefined {
  const statement = tryParse(written);
  if (statement?.kind !== 'version') return hashText((statement as Partial<Deployment> | undefined)?.active?.template_hash);
  return hashText(attempt(() => sha256(templateText(statement as unknown as PublishedVersion))));
}

export function hashText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function withoutUndefined(fault: DeploymentFault): DeploymentFault {
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as unknown as DeploymentFault;
}

function tryParse(written: Uint8Array | string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = typeof written === 'string' ? written : new TextDecoder().decode(written);
    const value = JSON.parse(text) as unknown;
    return value !== null && typeof value === 'object' ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}
