import { performance } from 'node:perf_hooks';
import { Deployment, Release, releaseFor } from './deployment';
import type { PromptEvent, PromptLimits, PromptMetric, PromptPorts } from './ports';
import { integrityProblem, problemOf, PromptProblem } from './prompt-problem';
import type { PromptRegistryReader } from './prompt-registry-reader';
import type { PublishedPrompt } from './published-prompt';
import { isWithin, limitedTo, ReleaseReader } from './release-reader';
import { CLIENT_POLICY } from '../../../src/contract/data';
import type { Placed } from '../../../src/contract/prompts/registry-keys';
import { waitAtMost } from '../bedrock/retry/bounded-wait';
import { callDeadline } from '../bedrock/retry/call-deadline';

/** A prompt, and where it comes from. */
export interface FoundPrompt {
  readonly prompt: PublishedPrompt;
  readonly source: 'registry' | 'stale' | 'bundled' | 'file';
}

interface Known {
  readonly deployment: Deployment;
  /** When it was asked for, and not when the answer was read: between the two the function may have been frozen. */
  readonly askedAt: number;
}

interface Refresh {
  readonly askedAt: number;
  readonly done: Promise<Known>;
}

export interface SourceOptions {
  readonly asked: Placed;
  readonly registry: PromptRegistryReader;
  readonly ports: PromptPorts;
  readonly limits: PromptLimits;
  /** The copy in the function's code; undefined when it has none. Errors: it is not the one that it has to be. */
  tryBundled(): PublishedPrompt | undefined;
}

/**
 * One prompt as its environment serves it: kept for a while, read anew within the invocation that asks for it after that, served once
 * more while the registry is away, and then no longer.
 */
export class PromptSource {
  /** The deployment that is served. */
  private known: Known | undefined;
  /** The last one that was seen: nothing older is believed. Its prompt may still be missing. */
  private newest: Known | undefined;
  private refreshing: Refresh | undefined;
  private failed: { readonly problem: PromptProblem; readonly at: number } | undefined;
  private readonly releases: ReleaseReader;
  private readonly toldOf = new WeakSet<PromptProblem>();

  public constructor(private readonly options: SourceOptions) {
    const { asked, registry, ports, limits } = options;
    this.releases = new ReleaseReader({
      ports,
      limits,
      read: (release, signal) => registry.prompt(asked.id, release, signal),
      onFailed: problem => this.tellIntegrity(problem),
    });
  }

  /** Errors: a PromptProblem, when there is none that may be served. */
  public async find(sessionKey: string | undefined): Promise<FoundPrompt> {
    const { known } = this;
    const prompt = known && this.isYounger(known, this.options.limits.freshMs) ? this.tryKept(known, sessionKey) : undefined;
    return prompt ? { prompt, source: 'registry' } : this.findSlowly(sessionKey);
  }

  private async findSlowly(sessionKey: string | undefined): Promise<FoundPrompt> {
    const deadline = callDeadline(this.options.ports.remainingTimeMs(), CLIENT_POLICY.deadlineReserve);
    try {
      const { deployment } = await this.refreshed(sessionKey, deadline);
      const release = this.releaseOf(deployment, sessionKey);
      this.requireNotRevoked(release);
      return { prompt: await this.waited(this.releases.read(release), this.options.limits.totalMs, deadline), source: 'registry' };
    } catch (error) {
      return this.fallBack(problemOf(error), sessionKey);
    }
  }

  private async refreshed(sessionKey: string | undefined, deadline: number): Promise<Known> {
    const { ports, limits } = this.options;
    if (this.known && this.isYounger(this.known, limits.freshMs)) return this.known;
    if (this.failed && isWithin(ports.now() - this.failed.at, limits.retryMs)) throw this.failed.problem;
    const { done } = this.currentRefresh() ?? this.startRefresh();
    return this.waited(done, this.tryStale(sessionKey) ? limits.waitMs : limits.totalMs, deadline);
  }

  private async waited<T>(work: Promise<T>, ms: number, deadline: number): Promise<T> {
    const leftMs = (): number => Math.max(0, Math.min(ms, deadline - performance.now()));
    const done = await waitAtMost(work.then(result => ({ result })), leftMs, undefined);
    if (done) return done.result;
    throw new PromptProblem('unavailable', 'slow', 'The registry has not answered yet.');
  }

  /** The one that is under way, if it is not older than one can become: then the function was frozen, and its answer would be old. */
  private currentRefresh(): Refresh | undefined {
    const { ports, limits } = this.options;
    if (this.refreshing && !isWithin(ports.now() - this.refreshing.askedAt, 2 * limits.totalMs)) {
      this.refreshing = undefined;
      this.releases.giveUp();
    }
    return this.refreshing;
  }

  private startRefresh(): Refresh {
    const askedAt = this.options.ports.now();
    const isCurrent = (): boolean => this.refreshing === refresh;
    const refresh: Refresh = { askedAt, done: Promise.resolve().then(() => this.refresh(askedAt, isCurrent)) };
    this.refreshing = refresh;
    // Who waits for it is told; that nobody may be waiting any more is no fault.
    refresh.done.catch(() => undefined);
    return refresh;
  }

  private async refresh(askedAt: number, isCurrent: () => boolean): Promise<Known> {
    const { asked, registry, limits } = this.options;
    try {
      const deployment = await limitedTo(limits.totalMs, signal => registry.deployment(asked, signal));
      if (!isCurrent()) throw new PromptProblem('unavailable', 'late', 'The answer came after a newer question.');
      const known = { deployment: this.requireNewer(deployment), askedAt };
      this.newest = known;
      await this.readReleases(known.deployment);
      if (isCurrent()) this.keep(known);
      return known;
    } catch (error) {
      const problem = problemOf(error);
      if (isCurrent()) this.fail(problem);
      throw problem;
    } finally {
      if (isCurrent()) this.refreshing = undefined;
    }
  }

  private requireNewer(found: Deployment | undefined): Deployment {
    const before = this.newest?.deployment;
    if (!found && !before) throw new PromptProblem('refused', 'not_deployed', 'The prompt was never promoted to this environment.');
    const isSame = found?.sequence === before?.sequence && found?.text === before?.text;
    if (found && (!before || found.sequence > before.sequence || isSame)) return found;
    const now = found ? `deployment ${found.sequence}` : 'none';
    throw integrityProblem('deployment_sequence',
      `Deployment ${before?.sequence} was there; now there is ${now}, which is older or another one.`);
  }

  /** That of a candidate may fail: who is to get it is told. */
  private async readReleases({ active, candidate }: Deployment): Promise<void> {
    if (candidate && !this.isRevoked(candidate)) void this.releases.read(candidate);
    if (!this.isRevoked(active)) await this.releases.read(active);
  }

  private keep(known: Known): void {
    const { active, candidate } = known.deployment;
    this.releases.keepOnly(candidate ? [active, candidate] : [active]);
    this.known = known;
    this.failed = undefined;
    // A metric of which only the bad moments are known looks the same as one that nobody emits.
    this.count('PromptIntegrityFailureCount', 0);
  }

  /** Once something was not what was signed, only an answer that is ends it, and no silence. */
  private fail(problem: PromptProblem): void {
    const lasting = this.failed?.problem.kind === 'integrity' && problem.kind === 'unavailable' ? this.failed.problem : problem;
    this.failed = { problem: lasting, at: this.options.ports.now() };
    this.tellIntegrity(problem);
  }

  private fallBack(problem: PromptProblem, sessionKey: string | undefined): FoundPrompt {
    const reason = this.failed?.problem.kind === 'integrity' ? this.failed.problem : problem;
    if (reason.kind === 'unavailable') {
      const stale = this.tryStale(sessionKey);
      if (stale) return this.told({ prompt: stale, source: 'stale' }, 'promptStale', 'PromptStaleCount', reason);
      const bundled = this.tryBundled(sessionKey);
      if (bundled) return this.told({ prompt: bundled, source: 'bundled' }, 'promptBundled', 'PromptBundledCount', reason);
    }
    this.options.ports.log('error', 'promptUnavailable', this.fieldsOf(reason));
    this.count('PromptUnavailableCount', 1);
    throw reason;
  }

  /** What was served until now, unless it is too old or is known to be revoked. */
  private tryStale(sessionKey: string | undefined): PublishedPrompt | undefined {
    const mayBe = this.known && this.failed?.problem.kind !== 'integrity' && this.isYounger(this.known, this.options.limits.maxStaleMs);
    return mayBe ? this.tryKept(this.known!, sessionKey) : undefined;
  }

  /** The copy in the code stands in for what nobody could ask about, and for what is known to be the same. */
  private tryBundled(sessionKey: string | undefined): PublishedPrompt | undefined {
    const { newest } = this;
    if (newest && !this.isYounger(newest, this.options.limits.maxStaleMs)) return undefined;
    const copy = this.options.tryBundled();
    if (!copy || !newest) return copy;
    const release = this.releaseOf(newest.deployment, sessionKey);
    return release.templateHash === copy.templateHash && !this.isRevoked(release) ? copy : undefined;
  }

  private tryKept({ deployment }: Known, sessionKey: string | undefined): PublishedPrompt | undefined {
    const release = this.releaseOf(deployment, sessionKey);
    return this.isRevoked(release) ? undefined : this.releases.tryKept(release);
  }

  private releaseOf(deployment: Deployment, sessionKey: string | undefined): Release {
    return releaseFor(deployment, this.options.asked.id, sessionKey, this.newest?.deployment.revoked ?? []);
  }

  private requireNotRevoked(release: Release): void {
    if (!this.isRevoked(release)) return;
    throw new PromptProblem('refused', 'revoked', `Version ${release.version} is deployed, and was revoked.`);
  }

  private isRevoked({ templateHash }: Release): boolean {
    return this.newest?.deployment.revoked.includes(templateHash) ?? false;
  }

  private isYounger({ askedAt }: Known, ms: number): boolean {
    return isWithin(this.options.ports.now() - askedAt, ms);
  }

  private told(found: FoundPrompt, event: PromptEvent, metric: PromptMetric, reason: PromptProblem): FoundPrompt {
    const { version, templateHash } = found.prompt;
    this.options.ports.log('warn', event, { prompt_version: version, template_hash: templateHash, ...this.fieldsOf(reason) });
    this.count(metric, 1);
    return found;
  }

  private tellIntegrity(problem: PromptProblem): void {
    if (problem.kind !== 'integrity' || this.toldOf.has(problem)) return;
    this.toldOf.add(problem);
    this.options.ports.log('error', 'promptIntegrityFailed', this.fieldsOf(problem));
    this.count('PromptIntegrityFailureCount', 1);
  }

  private fieldsOf({ reason, message }: PromptProblem): Record<string, unknown> {
    return { prompt_id: this.options.asked.id, prompt_environment: this.options.asked.environment, reason, problem: message };
  }

  private count(metric: PromptMetric, value: number): void {
    this.options.ports.count(metric, value, { prompt_id: this.options.asked.id });
  }
}
