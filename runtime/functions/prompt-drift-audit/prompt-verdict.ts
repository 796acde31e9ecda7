import type { AuditInput } from './audit-input';
import type { Finding, Served, Verdict } from './findings';
import type { Inventory } from './inventory';
import { ObjectReader } from './object-reader';
import type { RegistryStore } from './registry-store';
import { attempt, hashIn, hashText, isFresh, tryDeployment, unreadable, withoutUndefined } from './written-text';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import type { Cryptography } from '../../../src/contract/prompts/cryptography';
import {
  findDeploymentFaults, findStatementFaults, objectName, releasesOf,
} from '../../../src/contract/prompts/judged-deployment';
import { findOverwritten } from '../../../src/contract/prompts/judged-objects';
import { findReleaseFaults, findVersionFaults } from '../../../src/contract/prompts/judged-version';
import { deploymentObject, deploymentPrefix, versionObject } from '../../../src/contract/prompts/registry-keys';
import { tryObjectPlace } from '../../../src/contract/prompts/registry-places';
import type { Deployment, Release } from '../../../src/contract/prompts/statements';

const { everyEnvironment: EVERY } = PROMPT_REGISTRY.driftAudit;
/** Of the copies after the one that is served so many are read, the last ones. */
const COPIES_BEYOND = 5;
/** Of older ones so many are read at once, where a copy in functions' code is none of the last. */
const COPIES_AT_ONCE = 32;
/** Of the events that are gone so many are named. */
const MOST_TOLD = 10;

export interface AuditContext {
  readonly store: RegistryStore;
  readonly cryptography: Cryptography;
  readonly environments: readonly string[];
  readonly bundled: AuditInput['bundled'];
}

interface Fault {
  readonly code: Finding['code'];
  readonly message: string;
  readonly activeHash?: string;
  readonly registryHash?: string;
}

/** What is wrong with a prompt, anywhere. */
export async function judgePrompt(inventory: Inventory, context: AuditContext): Promise<Verdict> {
  return new PromptJudge(inventory, context).verdict();
}

class PromptJudge {
  private readonly objects: ObjectReader;
  /** The deployments that are what the registry's key signed for their environment. */
  private readonly genuine = new Map<string, Deployment>();

  public constructor(private readonly inventory: Inventory, private readonly context: AuditContext) {
    this.objects = new ObjectReader(context.store, inventory.objects);
    for (const [environment, item] of inventory.currents) {
      const faults = attempt(() => findStatementFaults(item as Partial<Deployment>, this.placed(environment), context.cryptography));
      if (Array.isArray(faults) && faults.length === 0) this.genuine.set(environment, item as unknown as Deployment);
    }
  }

  public async verdict(): Promise<Verdict> {
    const findings: Finding[] = [];
    for (const environment of this.context.environments) {
      findings.push(...await this.judgeDeployment(environment), ...await this.judgeBundled(environment));
    }
    for (const [version] of this.inventory.records) findings.push(...await this.judgeVersion(version));
    findings.push(...await this.judgeObjects());
    return { findings, served: this.context.environments.flatMap(environment => this.servedIn(environment)) };
  }

  private async judgeDeployment(environment: string): Promise<Finding[]> {
    const { inventory: { currents, id }, context: { cryptography } } = this;
    const current = currents.get(environment) as Partial<Deployment> | undefined;
    const copies = await this.copiesBeside(environment, current?.sequence);
    const genuine = this.genuine.get(environment);
    const releases = genuine ? releasesOf(genuine) : [];
    const objects = new Map<string, Uint8Array | undefined>();
    for (const release of releases) objects.set(objectName(release), await this.objects.tryVersion(release.key, release.object_version_id));
    const faults = attempt(() => findDeploymentFaults({ environment, id, current, copies, objects }, cryptography));
    const registryHash = hashIn(copies.at(-1)?.text, cryptography);
    const told = { activeHash: hashText(current?.active?.template_hash), registryHash };
    if (!Array.isArray(faults)) return [this.finding(environment, { code: 'unreadable', message: unreadable(faults), ...told })];
    const found = faults.map(fault => this.finding(environment, { ...told, ...withoutUndefined(fault) }));
    if (found.length > 0) return found;
    return [
      ...this.judgeLast(environment, copies.at(-1)), ...this.judgeEvents(environment), ...await this.judgeReleases(environment, releases),
    ];
  }

  /** An event that is gone was perhaps never told. */
  private judgeEvents(environment: string): Finding[] {
    const { sequence = 0, active } = this.genuine.get(environment) ?? {};
    const known = this.inventory.events.get(environment);
    const missing = Array.from({ length: sequence }, (_, index) => index + 1).filter(one => !known?.has(one));
    if (missing.length === 0) return [];
    const named = `${missing.slice(0, MOST_TOLD).join(', ')}${missing.length > MOST_TOLD ? ', …' : ''}`;
    const message = `the table has no event of deployment ${named}`;
    return [this.finding(environment, { code: 'event-missing', message, registryHash: active?.template_hash })];
  }

  /** The next deployment is under way, when its copy is new. Else a command ended too early, or somebody put the one before it back. */
  private judgeLast(environment: string, last: { sequence: number; text: string } | undefined): Finding[] {
    const { sequence = 0, active } = this.genuine.get(environment) ?? {};
    const deployment = last && last.sequence > sequence
      ? tryDeployment(last.text, { ...this.placed(environment), sequence: last.sequence }, this.context) : undefined;
    if (!deployment || isFresh(deployment)) return [];
    const message = `the table serves ${sequence === 0 ? 'nothing' : `deployment ${sequence}`}, and the locked history has `
      + `${deployment.sequence} since ${deployment.time}: it was put back, or a command ended too early, which the next one mends`;
    const hashes = { activeHash: active?.template_hash, registryHash: deployment.active.template_hash };
    return [this.finding(environment, { code: 'unfinished', message, ...hashes })];
  }

  /** The locked copy of what is served, the next one, and the last ones. Older ones were looked at in their time, and are locked. */
  private async copiesBeside(environment: string, sequence: unknown): Promise<{ sequence: number; text: string }[]> {
    const { id } = this.inventory;
    const prefix = deploymentPrefix({ environment, id });
    const keys = this.inventory.objects.filter(({ key }) => key.startsWith(prefix)).map(({ key }) => tryObjectPlace(key)?.sequence ?? 0);
    const all = [...new Set(keys)].sort((one, other) => one - other);
    const beyond = all.filter(one => one > Number(sequence));
    const own = all.filter(one => one === sequence);
    const wanted = new Set([...own, ...beyond.slice(0, 1), ...beyond.slice(-COPIES_BEYOND), ...all.slice(-1)]);
    const copies = await Promise.all([...wanted].sort((one, other) => one - other).map(async one =>
      ({ sequence: one, bytes: await this.objects.tryLatest(deploymentObject({ environment, id, sequence: one })) })));
    return copies.flatMap(copy => (copy.bytes ? [{ sequence: copy.sequence, text: new TextDecoder().decode(copy.bytes) }] : []));
  }

  private async judgeReleases(environment: string, releases: readonly Release[]): Promise<Finding[]> {
    const found: Finding[] = [];
    for (const release of releases) {
      const record = this.inventory.records.get(release.version)?.record;
      const document = record && await this.documentOf(release.version);
      const faults = findReleaseFaults(release, { record, document }, this.context.cryptography);
      found.push(...faults.map(fault => this.finding(environment, fault)));
    }
    return found;
  }

  private async judgeVersion(version: string): Promise<Finding[]> {
    const { inventory: { id, records, gates, approvals }, context: { cryptography } } = this;
    const { record, content } = records.get(version)!;
    const serving = [...this.genuine].filter(([, deployment]) => releasesOf(deployment).some(release => release.version === version));
    const evidence = {
      id,
      version,
      record,
      recordContent: content,
      gates: gates.get(version),
      approvals: approvals.get(version) ?? [],
      document: await this.documentOf(version),
      servedIn: serving.map(([environment]) => environment),
      environments: this.context.environments.filter(environment => this.isSure(environment)),
    };
    const faults = attempt(() => findVersionFaults(evidence, cryptography));
    if (!Array.isArray(faults)) return [this.finding(EVERY, { code: 'unreadable', message: unreadable(faults) })];
    return faults.map(fault => this.finding(EVERY, fault));
  }

  /** Whether it is known what an environment serves. */
  private isSure(environment: string): boolean {
    return this.genuine.has(environment) || !this.inventory.currents.has(environment);
  }

  private async documentOf(version: string): Promise<Uint8Array | undefined> {
    const { id, records } = this.inventory;
    return this.objects.tryVersion(versionObject({ id, version }), records.get(version)?.record.object_version_id);
  }

  private async judgeObjects(): Promise<Finding[]> {
    const { cryptography } = this.context;
    const found: Finding[] = [];
    for (const { key, code, message, place } of findOverwritten(this.inventory.objects)) {
      const [latest, oldest] = [await this.objects.tryLatest(key), await this.objects.tryOldest(key)];
      const [activeHash, registryHash] = [hashIn(latest, cryptography), hashIn(oldest, cryptography)];
      found.push(this.finding(place.environment ?? EVERY, { code, message, activeHash, registryHash }));
    }
    return found;
  }

  /** Only what an environment was given, once, may be in a function's code: and not when it was revoked there since. */
  private async judgeBundled(environment: string): Promise<Finding[]> {
    const { inventory: { id, currents }, context: { bundled } } = this;
    const hashes = bundled[environment]?.[id] ?? [];
    // Of a deployment that is not genuine there is a finding already, and nothing to compare with.
    if (hashes.length === 0 || (currents.has(environment) && !this.genuine.has(environment))) return [];
    const deployment = this.genuine.get(environment);
    const registryHash = deployment?.active.template_hash;
    const found: Finding[] = [];
    for (const hash of hashes) {
      const place = `functions of ${environment} have a copy of ${id} in their code that`;
      if (deployment?.revoked.includes(hash)) {
        found.push(this.finding(environment, { code: 'bundled-revoked', message: `${place} is revoked`, activeHash: hash, registryHash }));
      } else if (!await this.wasDeployed(environment, deployment, hash)) {
        const message = `${place} was never deployed there`;
        found.push(this.finding(environment, { code: 'bundled-unknown', message, activeHash: hash, registryHash }));
      }
    }
    return found;
  }

  private async wasDeployed(environment: string, deployment: Deployment | undefined, hash: string): Promise<boolean> {
    if (!deployment) return false;
    const isIt = (copy: Deployment | undefined): boolean =>
      copy !== undefined && releasesOf(copy).some(({ template_hash }) => template_hash === hash);
    if (isIt(deployment)) return true;
    for (let last = deployment.sequence - 1; last >= 1; last -= COPIES_AT_ONCE) {
      const sequences = Array.from({ length: Math.min(last, COPIES_AT_ONCE) }, (_, index) => last - index);
      const copies = await Promise.all(sequences.map(sequence => this.tryCopy(environment, sequence)));
      if (copies.some(isIt)) return true;
    }
    return false;
  }

  private async tryCopy(environment: string, sequence: number): Promise<Deployment | undefined> {
    const placed = this.placed(environment);
    return tryDeployment(await this.objects.tryLatest(deploymentObject({ ...placed, sequence })), { ...placed, sequence }, this.context);
  }

  private servedIn(environment: string): Served[] {
    const { active, candidate } = (this.inventory.currents.get(environment) ?? {}) as Partial<Deployment>;
    if (!active) return [];
    return [{
      prompt_id: this.inventory.id,
      environment,
      version: active.version,
      template_hash: active.template_hash,
      ...candidate && {
        candidate_version: candidate.version, candidate_hash: candidate.template_hash, candidate_percent: candidate.percent,
      },
    }];
  }

  private finding(environment: string, { code, message, activeHash, registryHash }: Fault): Finding {
    return { prompt_id: this.inventory.id, environment, code, message, active_hash: activeHash, registry_hash: registryHash };
  }

  private placed(environment: string): { environment: string; id: string } {
    return { environment, id: this.inventory.id };
  }
}
