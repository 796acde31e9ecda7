import type { ClientPolicy } from './client-policy';
import { findUnknownTaskTypes, shortList, taskTypeSettingsOf } from '../../../../src/contract/task-types';
import { teachingText } from '../../../../src/contract/teaching-error';
import { startTimer } from '../retry/timer';

/** Where tuned settings come from. */
export interface TaskTypeSource {
  /** The document as it stands, or undefined when it is what it was the last time. */
  fetch(signal: AbortSignal): Promise<string | undefined>;
}

export interface TaskTypesOptions {
  readonly policy: ClientPolicy;
  /** None: the built-in read timeouts are the only ones. */
  readonly source?: TaskTypeSource;
  readonly now?: () => number;
  warn(event: 'taskTypesRejected' | 'taskTypesStale', fields: Readonly<Record<string, unknown>>): void;
}

/** How long an answer may take, and in which tier it is served, by task type: as built in, or as tuned since that was last heard of. */
export class TaskTypes {
  private readTimeouts: Readonly<Record<string, number>>;
  private serviceTiers: Readonly<Record<string, string>>;
  private nextRefresh = 0;
  private refreshing = false;
  private stale = false;
  private lastProblem: string | undefined;

  public constructor(private readonly options: TaskTypesOptions) {
    this.readTimeouts = options.policy.readTimeoutMs;
    this.serviceTiers = options.policy.serviceTier.byTaskType;
  }

  /** @param asked whose error it is */
  public require(taskType: string, asked = 'BedrockClientFactory.create'): void {
    const known = this.options.policy.readTimeoutMs;
    if (typeof taskType === 'string' && findUnknownTaskTypes([taskType], this.options.policy).length === 0) return;
    throw new Error(teachingText(asked, {
      problem: 'the task type is not in the standard',
      given: taskType,
      allowed: Object.keys(known).map(name => `"${name}"`).join(', '),
      fix: 'take the one whose read timeout fits, or have a new task type added to contract/client-policy.json',
    }));
  }

  public readTimeoutMs(taskType: string): number {
    this.refreshWhenDue();
    return this.readTimeouts[taskType];
  }

  /** What a call gets that names no tier; asked for beside the read timeout, which refreshes. */
  public tryServiceTier(taskType: string): string | undefined {
    return this.serviceTiers[taskType];
  }

  /** In the background: no call ever waits for it. */
  public refreshWhenDue(): void {
    const { source, policy, now = Date.now } = this.options;
    if (!source || this.refreshing || now() < this.nextRefresh) return;
    this.refreshing = true;
    this.nextRefresh = now() + policy.refresh.intervalMs;
    void this.refresh(source).finally(() => { this.refreshing = false; });
  }

  private async refresh(source: TaskTypeSource): Promise<void> {
    const { policy, warn } = this.options;
    const { timeoutMs } = policy.refresh;
    const abort = new AbortController();
    const stopTimer = startTimer(timeoutMs, () => abort.abort(new Error(`no answer within ${timeoutMs} ms`)));
    try {
      const document = await source.fetch(abort.signal);
      this.stale = false;
      if (document === undefined) return;
      this.take(document);
    } catch (error) {
      // Once, not every minute: what counts is that the last good numbers are in use.
      if (!this.stale) warn('taskTypesStale', { reason: String(error) });
      this.stale = true;
    } finally {
      stopTimer();
    }
  }

  private take(document: string): void {
    const tuned = taskTypeSettingsOf(document, this.options.policy);
    if ('readTimeoutMs' in tuned) {
      this.readTimeouts = tuned.readTimeoutMs;
      this.serviceTiers = tuned.serviceTiers;
    }
    const problem = 'problem' in tuned ? tuned.problem : ignoredKeys(tuned.unknownKeys);
    // The same document comes again with each new session.
    if (problem !== undefined && problem !== this.lastProblem) this.options.warn('taskTypesRejected', { problem });
    this.lastProblem = problem;
  }
}

function ignoredKeys(keys: readonly string[]): string | undefined {
  return keys.length === 0 ? undefined : `unknown keys, left aside: ${shortList(keys)}`;
}
