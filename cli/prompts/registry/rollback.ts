import { HistoryBackwards } from './backwards';
import { Wanted } from './deployments';
import type { Done, RegistryParts } from './parts';
import { Refused } from './refused';
import { Placed } from '../../../src/contract/prompts/registry-keys';
import { Deployment, Release } from '../../../src/contract/prompts/statements';
import { CouldNotRun } from '../../system/could-not-run';

export interface RollbackOrder {
  readonly id: string;
  readonly environments: readonly string[];
  readonly reason: string;
  /** The version to go back to; without it a candidate is dropped, else the version before serves again. */
  readonly to?: string;
  /** Whether what is taken away must never be served again, not even from a cache. */
  readonly isRevoking?: boolean;
}

/** One environment on its way back. */
export class Rollback {
  constructor(
    private readonly parts: RegistryParts, private readonly order: RollbackOrder,
    private readonly placed: Placed, private readonly by: string,
  ) {}

  public async run(): Promise<Done<Deployment>> {
    let current: Deployment | undefined;
    const deployed = await this.parts.deployments.deploy(this.placed, this.by, async served => {
      current = served;
      return this.decide(served);
    });
    return { isNew: deployed !== undefined, result: deployed ?? current! };
  }

  private async decide(current: Deployment | undefined): Promise<Wanted | undefined> {
    const { environment, id } = this.placed;
    if (!current) throw new Refused([`${environment}: ${id} was never promoted there.`]);
    if (this.isDone(current)) return this.revocationOf(current);
    const active = await this.targetOf(current);
    const isDropping = active.version === current.active.version;
    const left = isDropping ? current.candidate : current.active;
    if (!left) throw new Refused([`${environment}: ${active.version} serves already.`]);
    const also = this.order.isRevoking ? [...isDropping ? [] : [current.active], ...current.candidate ? [current.candidate] : []] : [];
    const revoked = [...new Set([...current.revoked, ...also.map(({ template_hash }) => template_hash)])];
    this.requireNotRevoked(active, revoked);
    await this.parts.versions.requireReleased(active, id);
    return { active, revoked, reason: this.order.reason };
  }

  /** A second run of the same command. Who wants to go back further says so by --to, or by another reason. */
  private isDone({ active, candidate, reason, by }: Deployment): boolean {
    const { to, reason: wanted } = this.order;
    if (candidate) return false;
    return reason === wanted && by === this.by && (to === undefined || active.version === to);
  }

  /** The same command again, with --revoke for the first time: what it took away is revoked then. */
  private async revocationOf(current: Deployment): Promise<Wanted | undefined> {
    if (!this.order.isRevoking) return undefined;
    const last = current.sequence - 1;
    const before = (await this.parts.deployments.backwards(this.placed, last).findLast(() => true))!;
    const taken = [before.active, ...before.candidate ? [before.candidate] : []]
      .filter(({ version }) => version !== current.active.version);
    const revoked = [...new Set([...current.revoked, ...taken.map(({ template_hash }) => template_hash)])];
    if (revoked.length === current.revoked.length) return undefined;
    this.requireNotRevoked(current.active, revoked);
    return { active: current.active, revoked, reason: this.order.reason };
  }

  private requireNotRevoked({ version, template_hash: hash }: Release, revoked: readonly string[]): void {
    if (!revoked.includes(hash)) return;
    throw new Refused([`${this.placed.environment}: ${version} is revoked, or has the content of what is. Name another version by --to.`]);
  }

  /** In another environment too: but what cannot be read there keeps nobody from going back here. */
  private async revokedAnywhere({ revoked }: Deployment): Promise<Set<string>> {
    const { environment: here, id } = this.placed;
    const others = this.parts.environments.filter(environment => environment !== here);
    const tryDeployment = (environment: string) => this.parts.deployments.settled({ environment, id }).catch((error: unknown) => {
      if (error instanceof CouldNotRun) return undefined;
      throw error;
    });
    const found = await Promise.all(others.map(tryDeployment));
    return new Set([...revoked, ...found.flatMap(deployment => deployment?.revoked ?? [])]);
  }

  private async targetOf(current: Deployment): Promise<Release> {
    const { to } = this.order;
    const { environment, id } = this.placed;
    if (to === undefined && current.candidate) return current.active;
    if (to === current.active.version) return current.active;
    const history = this.parts.deployments.backwards(this.placed, current.sequence);
    const revoked = await this.revokedAnywhere(current);
    const isWanted = (one: Release) => one.version !== current.active.version && !revoked.has(one.template_hash);
    const found = to === undefined ? await this.standingBelow(history, isWanted)
      : (await history.findLast(({ active }) => active.version === to && isWanted(active)))?.active;
    if (found) return found;
    throw new Refused([to === undefined
      ? `${environment}: ${id} has no earlier version to go back to.`
      : `${environment}: ${id} ${to} was never active there, or is revoked. Only what served there can serve again at once.`]);
  }

  private async standingBelow(history: HistoryBackwards, isWanted: (release: Release) => boolean): Promise<Release | undefined> {
    const serving = await history.standing();
    let found = await serving?.below();
    while (found && !isWanted(found.release)) found = await found.below();
    return found?.release;
  }
}
