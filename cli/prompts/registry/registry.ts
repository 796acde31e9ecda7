import { countedModel } from './counted-model';
import { Deployments } from './deployments';
import type { Inspected } from './finding';
import { History, historyOf } from './history';
import { Inspection } from './inspection';
import type { Done, PromoteOrder, RegistryParts } from './parts';
import { Promotion } from './promotion';
import { copyApprovals } from './recorded-approvals';
import { Refused } from './refused';
import { Rollback, RollbackOrder } from './rollback';
import { Seal } from './seal';
import { AskedRequest, ServedRequest, servedRequest } from './served-request';
import { documentText, KnownVersion, ROLES, Versions } from './versions';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { JsonValue } from '../../../src/contract/prompts/canonical-json';
import { findGateFaults, isPolicyChange, isSamePerson, tokenDelta } from '../../../src/contract/prompts/gates';
import { filledMessages } from '../../../src/contract/prompts/hashed-text';
import {
  approvalKey, deploymentPrefix, environmentPrefix, gatesKey, Placed, recordKey, VersionName, versionObject,
} from '../../../src/contract/prompts/registry-keys';
import { Approval, Deployment, Gates, PublishedVersion, SuiteResult, TokenResult } from '../../../src/contract/prompts/statements';
import type { Members, RegistryPort } from '../../aws/registry-port';
import { mapAtOnce } from '../../system/at-once';
import { CouldNotRun } from '../../system/could-not-run';

/** So many prompts are looked at at once. */
const PROMPTS_AT_ONCE = 8;

/** What is to be published; whoever reads the file computes the hashes. */
export interface PublishOrder {
  readonly document: Omit<PublishedVersion, 'kind' | 'tokens' | 'author' | 'time' | 'signature'>;
  /** Who wrote it; without it, whoever runs the command. */
  readonly author?: string;
  readonly golden?: SuiteResult;
  readonly safety?: SuiteResult;
  /** Runs the suites, in place of their results: asked only for a version that is not published yet. */
  readonly suites?: () => Promise<Pick<PublishOrder, 'golden' | 'safety'>>;
  readonly isTokenCountLeftOut?: boolean;
}

export interface ApproveOrder extends VersionName {
  readonly role: string;
  readonly reviewer?: string;
}

export interface InspectOptions {
  /** Without any, all. */
  readonly ids?: readonly string[];
  /** With all, those too that the registry may not know. */
  readonly also?: readonly string[];
}

export interface RegistryPlace {
  readonly environments: readonly string[];
  readonly eventBus: string;
  readonly isSandbox: boolean;
  readonly policyPhrases?: readonly string[];
}

/** The operations of a registry. Each may be cut off anywhere and run again. */
export class Registry {
  private readonly parts: RegistryParts;
  private readonly seal: Seal;

  constructor(
    private readonly port: RegistryPort,
    { policyPhrases = [], ...place }: RegistryPlace,
  ) {
    this.seal = new Seal(port, place.isSandbox);
    this.parts = {
      port,
      ...place,
      policyPhrases,
      seal: this.seal,
      versions: new Versions(port, this.seal, place.isSandbox),
      deployments: new Deployments(port, this.seal, place.eventBus),
    };
  }

  public async publish(order: PublishOrder): Promise<Done<PublishedVersion>> {
    const { id, version } = order.document;
    await this.publishEvents(id);
    const known = await this.parts.versions.tryKnown({ id, version });
    if (known) requireSame(known.document, order.document);
    if (known?.record) return { isNew: false, result: known.document };
    const base = await this.tryBase(id);
    const tokens = known ? known.document.tokens : await this.count(order);
    const { golden, safety } = order.suites ? await order.suites() : order;
    const gates: Gates = {
      kind: 'gates',
      prompt_id: id,
      version,
      template_hash: order.document.template_hash,
      ...golden && { golden },
      ...safety && { safety },
      tokens: tokens && tokenResult(tokens, base),
      policy_change: isPolicyChange(order.document, base, this.parts.policyPhrases),
      time: new Date().toISOString(),
    };
    const faults = this.parts.isSandbox ? [] : findGateFaults(gates, order.document.track);
    if (faults.length > 0) throw new Refused(faults);
    const { document, objectVersion } = known ?? await this.putDocument(order, tokens);
    await this.port.putItem(gatesKey({ id, version }), await this.seal.sign(gates) as unknown as Members);
    // The record is the last: with it the version is published.
    const { template_hash, compiled_hash, track } = document;
    await this.port.putItemOnce(recordKey({ id, version }), {
      prompt_id: id,
      version,
      template_hash,
      compiled_hash,
      content: document.source,
      approvals: [],
      track,
      object_version_id: objectVersion,
    });
    return { isNew: true, result: document };
  }

  public async approve({ id, version, role, reviewer: named }: ApproveOrder): Promise<Done<Approval>> {
    if (!ROLES.includes(role)) throw new CouldNotRun(`"${role}" is no role. Allowed are ${ROLES.join(', ')}.`);
    await this.publishEvents(id);
    const { document: { template_hash, compiled_hash, author } } = await this.parts.versions.require({ id, version });
    const identity = await this.port.caller();
    const reviewer = named?.trim() || identity;
    if (isSamePerson(reviewer, author) || isSamePerson(identity, author)) {
      throw new Refused([`${author} wrote ${id} ${version}, and who wrote a version does not approve it.`]);
    }
    const approvals = await this.parts.versions.approvals({ id, version });
    const isIt = (one: Approval) => one.role === role && isSamePerson(one.reviewer, reviewer);
    const known = approvals.find(isIt);
    if (known) {
      await copyApprovals(this.parts, { id, version });
      return { isNew: false, result: known };
    }
    const approval = await this.seal.sign<Approval>({
      kind: 'approval', prompt_id: id, version, template_hash, compiled_hash, reviewer, role, identity, time: new Date().toISOString(),
    });
    const isNew = await this.port.putItemOnce(approvalKey({ id, version, role, reviewer }), approval as unknown as Members);
    await copyApprovals(this.parts, { id, version });
    if (isNew) return { isNew, result: approval };
    // Somebody wrote it in the meantime, maybe this command, whose answer got lost.
    return { isNew, result: (await this.parts.versions.approvals({ id, version })).find(isIt)! };
  }

  public async promote(order: PromoteOrder): Promise<Done<Deployment>> {
    this.requireEnvironment(order.environment);
    await this.publishEvents(order.id);
    if (!this.parts.isSandbox) await copyApprovals(this.parts, order);
    const done = await new Promotion(this.parts, order).run();
    await this.parts.deployments.publishEvents({ environment: order.environment, id: order.id });
    return done;
  }

  public get environments(): readonly string[] {
    return this.parts.environments;
  }

  /** What environments serve of these prompts, or of all that the registry knows, and what is wrong with it. Writes nothing. */
  public async inspect(environments: readonly string[], { ids = [], also = [] }: InspectOptions = {}): Promise<Inspected[]> {
    environments.forEach(environment => this.requireEnvironment(environment));
    const chosen = ids.length > 0 ? [...new Set(ids)] : [...new Set([...await this.promptIds(environments), ...also])].sort();
    const placed = environments.flatMap(environment => chosen.map(id => ({ environment, id })));
    return mapAtOnce(placed, PROMPTS_AT_ONCE, one => new Inspection(this.parts).inspect(one));
  }

  /** Every deployment of a prompt, environment by environment. */
  public async history(id: string, environments: readonly string[]): Promise<History[]> {
    environments.forEach(environment => this.requireEnvironment(environment));
    return mapAtOnce(environments, PROMPTS_AT_ONCE, environment => historyOf(this.parts, { environment, id }));
  }

  public servedRequest(asked: AskedRequest): Promise<ServedRequest> {
    this.requireEnvironment(asked.environment);
    return servedRequest(this.parts, asked);
  }

  /** Publishes the events of a prompt in an environment that wait, however old. */
  public tellEvents({ environment, id }: Placed): Promise<void> {
    return this.parts.deployments.publishEvents({ environment, id }, Infinity);
  }

  /** Each environment apart: one that cannot go back keeps no other from it. */
  public async rollback(order: RollbackOrder): Promise<Done<Deployment>[]> {
    order.environments.forEach(environment => this.requireEnvironment(environment));
    if (order.reason.trim() === '') throw new CouldNotRun('A rollback needs a reason: --reason TEXT');
    const by = await this.port.caller();
    const results = await Promise.allSettled(order.environments.map(async environment => {
      const placed = { environment, id: order.id };
      const done = await new Rollback(this.parts, order, placed, by).run();
      await this.parts.deployments.publishEvents(placed);
      return done;
    }));
    const faults = results.flatMap(result => (result.status === 'rejected' ? [result.reason as Error] : []));
    if (faults.length === 0) return results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    const unexpected = faults.find(fault => !(fault instanceof Refused || fault instanceof CouldNotRun));
    if (unexpected) throw unexpected;
    const backed = order.environments.filter((_environment, index) => results[index].status === 'fulfilled');
    const told = [...faults.map(({ message }) => message), ...backed.length > 0 ? [`Rolled back: ${backed.join(', ')}.`] : []];
    throw faults.every(fault => fault instanceof Refused) ? new Refused(told) : new CouldNotRun(told.join('\n'));
  }

  /** Finishes what a command left behind that ended too early. */
  private async publishEvents(id: string): Promise<void> {
    for (const environment of this.parts.environments) {
      await this.parts.deployments.settled({ environment, id });
      await this.parts.deployments.publishEvents({ environment, id });
    }
  }

  /** A prompt that was published, deployed or only copied: whatever of it lies in the bucket. */
  private async promptIds(environments: readonly string[]): Promise<string[]> {
    const { version } = PROMPT_REGISTRY.objects;
    const folders = [
      version.slice(0, version.indexOf('{')),
      ...environments.flatMap(environment => [environmentPrefix({ environment, id: '' }), deploymentPrefix({ environment, id: '' })])
        .map(prefix => prefix.slice(0, -1)),
    ];
    const found = await Promise.all(folders.map(async folder => (await this.port.keys(folder, 'folders'))
      .map(key => key.slice(folder.length, -1))));
    return [...new Set(found.flat())].filter(id => new RegExp(PROMPT_REGISTRY.idPattern).test(id)).sort();
  }

  private requireEnvironment(environment: string): void {
    if (this.parts.environments.includes(environment)) return;
    throw new CouldNotRun(`"${environment}" is no environment of this registry. It has ${this.parts.environments.join(', ')}.`);
  }

  /** What a new version is compared with: what serves in the last environment that serves anything. */
  private async tryBase(id: string): Promise<PublishedVersion | undefined> {
    for (const environment of [...this.parts.environments].reverse()) {
      const current = await this.parts.deployments.settled({ environment, id });
      if (current) return this.parts.versions.requireReleased(current.active, id);
    }
    return undefined;
  }

  private async putDocument(
    order: PublishOrder, tokens: PublishedVersion['tokens'],
  ): Promise<Pick<KnownVersion, 'document' | 'objectVersion'>> {
    const author = order.author?.trim() || await this.port.caller();
    const document = await this.seal.sign<PublishedVersion>({
      kind: 'version', ...order.document, tokens, author, time: new Date().toISOString(),
    });
    const objectVersion = await this.port.putObjectOnce(versionObject(document), documentText(document));
    if (objectVersion !== undefined) return { document, objectVersion };
    const known = await this.parts.versions.tryKnown(document);
    requireSame(known!.document, order.document);
    return known!;
  }

  private async count({ document, isTokenCountLeftOut }: PublishOrder): Promise<PublishedVersion['tokens']> {
    const { messages, tools, variables } = document;
    if (this.parts.isSandbox || isTokenCountLeftOut) return null;
    const model = countedModel(document.model);
    const withValues = (valueOf: (variable: { sample: string; maxLength: number }) => string) => this.port.countTokens({
      model,
      tools: tools as JsonValue | undefined,
      messages: filledMessages(messages, Object.fromEntries(Object.entries(variables).map(([name, one]) => [name, valueOf(one)]))),
    });
    return { sample: await withValues(({ sample }) => sample), maximum: await withValues(longest) };
  }
}

function longest({ sample, maxLength }: { readonly sample: string; readonly maxLength: number }): string {
  const points = [...sample === '' ? 'x ' : sample];
  return Array.from({ length: maxLength }, (_, index) => points[index % points.length]).join('');
}

function tokenResult(tokens: NonNullable<PublishedVersion['tokens']>, base: PublishedVersion | undefined): TokenResult {
  return { ...tokens, ...base?.tokens && { base_version: base.version, delta_percent: tokenDelta(tokens, base.tokens) } };
}

function requireSame(known: PublishedVersion, wanted: PublishOrder['document']): void {
  const names = (['template_hash', 'compiled_hash', 'source', 'track'] as const).filter(name => known[name] !== wanted[name]);
  if (names.length === 0) return;
  throw new Refused([`${known.id} ${known.version} is published already with another ${names.join(', ')}. `
    + 'A version says one thing for ever: give the file a new version.']);
}
