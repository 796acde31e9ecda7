import { Finding, orFinding, ServiceEvidence } from './finding';
import type { RegistryParts } from './parts';
import { sha256 } from './seal';
import { PolicyTexts } from '../../../src/contract/prompts/gates';
import { releasesOf } from '../../../src/contract/prompts/judged-deployment';
import { findReleaseFaults, findVersionFaults } from '../../../src/contract/prompts/judged-version';
import { approvalPrefix, gatesKey, promptPartition, recordKey, versionObject } from '../../../src/contract/prompts/registry-keys';
import { Deployment, PublishedVersion, Release } from '../../../src/contract/prompts/statements';

/** What is wrong with the versions that a deployment lets serve: with their records, their approvals and the results of their tests. */
export async function findServiceFaults(parts: RegistryParts, evidence: ServiceEvidence): Promise<Finding[]> {
  const releases = releasesOf(evidence.deployment);
  return (await Promise.all(releases.map(release => findServedFaults(parts, evidence, release)))).flat();
}

async function findServedFaults(parts: RegistryParts, evidence: ServiceEvidence, release: Release): Promise<Finding[]> {
  const { port, seal } = parts;
  const { placed: { id, environment } } = evidence;
  const name = { id, version: release.version };
  const key = versionObject(name);
  // The record first: so what is read after it holds whatever the record was written from.
  const record = await port.tryItem(recordKey(name));
  const object = record && await port.tryObject(key, record.object_version_id as string | undefined);
  const cryptography = await seal.cryptography();
  const found: Finding[] = [
    ...await findOverwritten(parts, release.key, release.object_version_id),
    ...object ? await findOverwritten(parts, key, object.versionId) : [],
    ...findReleaseFaults(release, { record, document: object?.bytes }, cryptography),
  ];
  if (!record) return found;
  const [gates, approvals] = await Promise.all([
    port.tryItem(gatesKey(name)), port.items(promptPartition(id), approvalPrefix(name.version)),
  ]);
  let bases: (PolicyTexts | undefined)[] = [];
  const baseFaults = await orFinding(async () => {
    bases = [await tryBase(parts, evidence, release)];
    return [];
  });
  const faults = findVersionFaults({
    ...name,
    record,
    recordContent: sha256(String(record.content)),
    gates,
    approvals,
    document: object?.bytes,
    servedIn: [environment],
    environments: [environment],
    bases,
  }, cryptography);
  return [...found, ...faults, ...baseFaults];
}

/** Services read the version that was signed, whatever lies over it; that somebody wrote there is a finding all the same. */
async function findOverwritten({ port }: RegistryParts, key: string, objectVersion: string): Promise<Finding[]> {
  const latest = await port.tryObject(key);
  if (latest?.versionId === objectVersion) return [];
  return [latest ? { code: 'overwritten', message: `${key} was written over by the version ${latest.versionId}` }
    : { code: 'deleted', message: `${key} was deleted` }];
}

/** What served when the version came: its approvals were asked for against this. */
async function tryBase(
  { versions }: RegistryParts, { history, placed }: ServiceEvidence, { version }: Release,
): Promise<PublishedVersion | undefined> {
  const isIn = (deployment: Deployment | undefined) => deployment && releasesOf(deployment).some(one => one.version === version);
  const at = history.map((deployment, index) => deployment.reason === undefined && isIn(deployment) && !isIn(history[index - 1]))
    .lastIndexOf(true);
  const before = history[at - 1];
  return before && versions.requireReleased(before.active, placed.id);
}
