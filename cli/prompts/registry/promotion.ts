import { Wanted } from './deployments';
import type { Done, PromoteOrder, RegistryParts } from './parts';
import { Refused } from './refused';
import { variableChanges } from './variable-changes';
import { KnownVersion } from './versions';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { findGateFaults, isPolicyChange } from '../../../src/contract/prompts/gates';
import { Deployment } from '../../../src/contract/prompts/statements';

/** One version on its way into one environment. */
export class Promotion {
  constructor(private readonly parts: RegistryParts, private readonly order: PromoteOrder) {}

  public async run(): Promise<Done<Deployment>> {
    const { parts: { versions, deployments, port }, order } = this;
    const known = await versions.require(order);
    const by = await port.caller();
    let current: Deployment | undefined;
    const deployed = await deployments.deploy(order, by, async served => {
      current = served;
      return this.decide(known, served);
    });
    const before = deployed && current && await versions.requireReleased(current.active, order.id);
    return {
      isNew: deployed !== undefined,
      result: deployed ?? current!,
      warnings: before && before.version !== known.document.version ? variableChanges(before, known.document) : [],
    };
  }

  private async decide(known: KnownVersion, current: Deployment | undefined): Promise<Wanted | undefined> {
    const { id, version, environment, toAll } = this.order;
    if (current?.active.version === version && !current.candidate) return undefined;
    if (current?.active.version === version) {
      throw new Refused([`${version} serves ${environment} already, beside the candidate ${current.candidate!.version}. `
        + `To drop the candidate: plumbline prompts rollback ${id} --environment ${environment} --reason TEXT`]);
    }
    const isCandidate = current?.candidate?.version === version;
    // Without --all a second run of the command that made it a candidate changes nothing.
    if (isCandidate && !toAll) return undefined;
    if (current?.candidate && !isCandidate) {
      throw new Refused([`${environment} has the candidate ${current.candidate.version}. Promote it to all, or roll it back, first.`]);
    }
    await this.requireNotRevoked(known);
    if (!this.parts.isSandbox) await this.requireAllowed(known, current);
    const release = await this.parts.versions.release(known, environment);
    const revoked = current?.revoked ?? [];
    if (!this.isCanaryNeeded(known) || isCandidate || !current) return { active: release, revoked };
    if (toAll) throw new Refused([`${version} is not yet a candidate in ${environment}. Promote it without --all first.`]);
    return { active: current.active, candidate: { ...release, percent: PROMPT_REGISTRY.tracks.standard.canaryPercent }, revoked };
  }

  private isCanaryNeeded({ document: { track } }: KnownVersion): boolean {
    const { environments, isSandbox } = this.parts;
    const stages: readonly string[] = PROMPT_REGISTRY.tracks[track].stages;
    return !isSandbox && this.order.environment === environments[environments.length - 1] && stages.includes('canary');
  }

  private async requireNotRevoked({ document, record }: KnownVersion): Promise<void> {
    const { id, version } = this.order;
    const refuse = (where: string) => { throw new Refused([`${id} ${version} was revoked${where}. Publish a new version.`]); };
    if (record?.revoked) refuse('');
    for (const environment of this.parts.environments) {
      const current = await this.parts.deployments.settled({ environment, id });
      if (current?.revoked.includes(document.template_hash)) refuse(` in ${environment}`);
    }
  }

  private async requireAllowed(known: KnownVersion, current: Deployment | undefined): Promise<void> {
    const { versions } = this.parts;
    const { document } = known;
    const gates = await versions.tryGates(this.order);
    if (!gates || gates.template_hash !== document.template_hash) {
      throw new Refused([`${document.id} ${document.version} has no results of its tests. Publish it again.`]);
    }
    const faults = findGateFaults(gates, document.track);
    if (faults.length > 0) throw new Refused(faults);
    // Against what serves there now, which may be another version than the one it was written after.
    const base = current && await versions.requireReleased(current.active, document.id);
    await versions.requireApproved(known, isPolicyChange(document, base, this.parts.policyPhrases) || gates.policy_change);
    await this.requireEarlier(known);
  }

  private async requireEarlier({ document: { track, version, template_hash } }: KnownVersion): Promise<void> {
    const { id, environment } = this.order;
    for (const earlier of earlierOf(environment, this.parts.environments, track)) {
      const placed = { environment: earlier, id };
      const current = await this.parts.deployments.settled(placed);
      const isThis = ({ active }: Deployment) => active.version === version && active.template_hash === template_hash;
      if (current && (isThis(current) || await this.parts.deployments.backwards(placed, current.sequence).findLast(isThis))) continue;
      throw new Refused([`${id} ${version} was never active in ${earlier}. Promote it there first: `
        + `plumbline prompts promote ${id} ${version} --to ${earlier}`]);
    }
  }
}

/** The environments that a version has to have been active in. */
export function earlierOf(environment: string, environments: readonly string[], track: 'standard' | 'expedited'): string[] {
  const before = environments.slice(0, environments.indexOf(environment));
  if (track === 'standard') return before;
  // In a hurry only the stages of the contract, and only for production; where none of them is called so, the one before it.
  const isLast = environment === environments[environments.length - 1];
  const staged = before.filter(one => (PROMPT_REGISTRY.tracks.expedited.stages as readonly string[]).includes(one));
  return !isLast ? [] : staged.length > 0 ? staged : before.slice(-1);
}
