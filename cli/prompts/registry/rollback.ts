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
    const [before] = (await this.parts.deployments.history(this.placed, current.sequence)).slice(-2);
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
    const history = await this.parts.deployments.history(this.placed, current.sequence);
    const releases = to === undefined ? standing(history).slice(0, -1)
      : history.map(({ active }) => active).filter(({ version }) => version === to);
    const revoked = await this.revokedAnywhere(current);
    const found = releases.reverse().find(one => one.version !== current.active.version && !revoked.has(one.template_hash));
    if (found) return found;
    throw new Refused([to === undefined
      ? `${environment}: ${id} has no earlier version to go back to.`
      : `${environment}: ${id} ${to} was never active there, or is revoked. Only what served there can serve again at once.`]);
  }
}

/** The versions that served and were not rolled back, oldest first; the last one serves. */
export function standing(history: readonly Deployment[]): Release[] {
  const stack: Release[] = [];
  for (const { active, reason } of history) {
    const at = stack.map(({ version }) => version).lastIndexOf(active.version);
    if (reason !== undefined && at >= 0) stack.length = at;
    else if (at >= 0 && at === stack.length - 1) stack.pop();
    stack.push(active);
  }
  return stack;
}
