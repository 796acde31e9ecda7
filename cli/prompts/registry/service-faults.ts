import { Finding, orFinding, ServiceEvidence } from './finding';
import { findApprovalFaults, findGateFaults, Gates, isPolicyChange } from './gates';
import type { RegistryParts } from './parts';
import { findUnsignedApproval } from './recorded-approvals';
import { sha256 } from './seal';
import { KnownVersion } from './versions';
import { releasesOf } from '../../../src/contract/prompts/judged-deployment';
import { versionObject } from '../../../src/contract/prompts/registry-keys';
import { Deployment, PublishedVersion, Release } from '../../../src/contract/prompts/statements';

/** What is wrong with the versions that a deployment lets serve: with their records, their approvals and the results of their tests. */
export async function findServiceFaults(parts: RegistryParts, evidence: ServiceEvidence): Promise<Finding[]> {
  const releases = releasesOf(evidence.deployment);
  return (await Promise.all(releases.map(release => orFinding(() => findReleaseFaults(parts, evidence, release))))).flat();
}

async function findReleaseFaults(parts: RegistryParts, evidence: ServiceEvidence, release: Release): Promise<Finding[]> {
  const { placed: { id, environment } } = evidence;
  const { version, template_hash: activeHash } = release;
  const overwritten = await findOverwritten(parts, release.key, release.object_version_id);
  const known = await parts.versions.tryKnown({ id, version });
  if (!known?.record) {
    const message = `${id} ${version} is in service, and ${known ? 'its record is gone' : 'nobody published it'}`;
    return [...overwritten, { code: 'not-published', message, activeHash }];
  }
  const { document, record, bytes } = known;
  overwritten.push(...await findOverwritten(parts, versionObject({ id, version }), known.objectVersion));
  const hashes = { activeHash, registryHash: document.template_hash };
  if (sha256(bytes) !== release.sha256) {
    return [...overwritten, { code: 'hash-differs', message: `${release.key} is not the published ${id} ${version}`, ...hashes }];
  }
  const signed = { prompt_id: id, version, content: document.source, track: document.track };
  const differing = Object.entries(signed).filter(([name, value]) => record[name] !== value).map(([name]) => name);
  if (!(record.deployed_envs as readonly string[] | undefined)?.includes(environment)) differing.push('deployed_envs');
  const message = `the record of ${id} ${version} says something else than what was signed: ${differing.join(', ')}`;
  return [
    ...overwritten,
    ...differing.length > 0 ? [{ code: 'record-differs' as const, message, ...hashes }] : [],
    ...parts.isSandbox ? [] : await findUnapproved(parts, evidence, known),
  ];
}

/** Services read the version that was signed, whatever lies over it; that somebody wrote there is a finding all the same. */
async function findOverwritten({ port }: RegistryParts, key: string, objectVersion: string): Promise<Finding[]> {
  const latest = await port.tryObject(key);
  if (latest?.versionId === objectVersion) return [];
  return [{ code: 'written-over', message: `${key} was ${latest ? `written over by the version ${latest.versionId}` : 'deleted'}` }];
}

async function findUnapproved(
  { versions }: RegistryParts, evidence: ServiceEvidence, { document, record }: KnownVersion,
): Promise<Finding[]> {
  let gates: Gates | undefined;
  const gateFindings = await orFinding(async () => {
    gates = await versions.tryGates(document);
    const faults = gates?.template_hash === document.template_hash ? findGateFaults(gates, document.track)
      : [`${document.id} ${document.version} has no results of its tests`];
    return faults.map(message => ({ code: 'gates' as const, message }));
  });
  const approvalFindings = await orFinding(async () => {
    const policyChange = gates?.policy_change === true || isPolicyChange(document, await tryBase(versions, evidence, document));
    const approvals = await versions.approvals(document);
    const unsigned = findUnsignedApproval(record!.approvals, approvals);
    return [
      ...unsigned ? [{ code: 'record-differs' as const, message: `the record of ${document.id} ${document.version} ${unsigned}` }] : [],
      ...findApprovalFaults(document, approvals, policyChange)
        .map(message => ({ code: 'not-approved' as const, message: `${document.id} ${document.version}: ${message}` })),
    ];
  });
  return [...gateFindings, ...approvalFindings];
}

/** What served when the version came: its approvals were asked for against this. */
async function tryBase(
  versions: RegistryParts['versions'], { history, placed }: ServiceEvidence, { version }: PublishedVersion,
): Promise<PublishedVersion | undefined> {
  const isIn = (deployment: Deployment | undefined) => deployment && releasesOf(deployment).some(one => one.version === version);
  const at = history.map((deployment, index) => deployment.reason === undefined && isIn(deployment) && !isIn(history[index - 1]))
    .lastIndexOf(true);
  const before = history[at - 1];
  return before && versions.requireReleased(before.active, placed.id);
}
