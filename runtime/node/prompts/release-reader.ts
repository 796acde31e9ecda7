import type { Release } from './deployment';
import type { PromptLimits, PromptPorts } from './ports';
import { problemOf, PromptProblem } from './prompt-problem';
import type { PublishedPrompt } from './published-prompt';
import { startTimer } from '../bedrock/retry/timer';

interface Reading {
  readonly prompt: Promise<PublishedPrompt>;
  failedAt?: number;
}

export interface ReaderOptions {
  readonly ports: PromptPorts;
  readonly limits: PromptLimits;
  read(release: Release, signal: AbortSignal): Promise<PublishedPrompt>;
  /** Called once for each read that failed. */
  onFailed(problem: PromptProblem): void;
}

/** The documents of releases: each is read once, by one caller at a time, and kept. It says one thing for ever. */
export class ReleaseReader {
  private readonly kept = new Map<string, PublishedPrompt>();
  private readonly readings = new Map<string, Reading>();

  public constructor(private readonly options: ReaderOptions) {}

  public tryKept(release: Release): PublishedPrompt | undefined {
    return this.kept.get(keyOf(release));
  }

  /** Errors: a PromptProblem. One that is fresh is told again, and the store left alone for a while. */
  public read(release: Release): Promise<PublishedPrompt> {
    const key = keyOf(release);
    const kept = this.kept.get(key);
    if (kept) return Promise.resolve(kept);
    const { ports, limits } = this.options;
    const before = this.readings.get(key);
    if (before && (before.failedAt === undefined || isWithin(ports.now() - before.failedAt, limits.retryMs))) return before.prompt;
    const reading: Reading = {
      prompt: this.limited(release).then(prompt => {
        this.kept.set(key, prompt);
        this.readings.delete(key);
        return prompt;
      }, (error: unknown) => {
        reading.failedAt = ports.now();
        const problem = problemOf(error);
        this.options.onFailed(problem);
        throw problem;
      }),
    };
    this.readings.set(key, reading);
    // Who waits for it is told; that nobody may be waiting any more is no fault.
    reading.prompt.catch(() => undefined);
    return reading.prompt;
  }

  /** Forgets all others. */
  public keepOnly(releases: readonly Release[]): void {
    const keys = new Set(releases.map(keyOf));
    for (const map of [this.kept, this.readings]) for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
  }

  /** Forgets what is under way: a freeze has made it older than it can become. */
  public giveUp(): void {
    this.readings.clear();
  }

  private limited(release: Release): Promise<PublishedPrompt> {
    return limitedTo(this.options.limits.totalMs, signal => this.options.read(release, signal));
  }
}

/** Work that is told to end, and counts as failed, when it takes longer than it may. */
export async function limitedTo<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const tooLong = new PromptProblem('unavailable', 'timeout', `The registry did not answer within ${ms} ms.`);
  const stopTimer = startTimer(ms, () => abort.abort(tooLong));
  try {
    return await work(abort.signal);
  } catch (error) {
    // An SDK has words of its own for it.
    throw abort.signal.aborted && !(error instanceof PromptProblem) ? abort.signal.reason : error;
  } finally {
    stopTimer();
  }
}

/** Whether a time has passed, and not more than that. A clock that was put back tells nothing. */
export function isWithin(passedMs: number, limitMs: number): boolean {
  return passedMs >= 0 && passedMs < limitMs;
}

/** A deployment's releases are asked for with each call of a model. */
const keys = new WeakMap<Release, string>();

function keyOf(release: Release): string {
  const known = keys.get(release);
  if (known !== undefined) return known;
  const { key, objectVersionId, sha256, templateHash } = release;
  const made = `${key} ${objectVersionId} ${sha256} ${templateHash}`;
  keys.set(release, made);
  return made;
}
