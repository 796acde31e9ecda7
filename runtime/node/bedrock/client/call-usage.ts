import { CALL_USAGE } from '../../../../src/contract/data';
import { converseStopReason } from '../../../../src/contract/stop-reason';

/** What one call used, in the words of the log; what its answer did not tell is left out. */
export interface CallUsage {
  /** All tokens of the input: read anew, read from the cache, written into it. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** One of Converse's words where the model's own word means the same. */
  readonly stopReason?: string;
}

type Counter = keyof typeof CALL_USAGE.counters;

const { counters: COUNTERS, stopReason: STOP, body: BODY, firstToken: FIRST_TOKEN } = CALL_USAGE;
const NAMES = Object.keys(COUNTERS) as Counter[];
const REASON = /^[A-Za-z][A-Za-z_]{0,63}$/;

const pathsOf = (paths: readonly string[]): readonly (readonly string[])[] => paths.map(path => path.split('.'));
const COUNTER_PATHS = Object.fromEntries(NAMES.map(name => [name, pathsOf(COUNTERS[name].paths)])) as
  Record<Counter, readonly (readonly string[])[]>;
const STOP_PATHS = pathsOf(STOP.paths);

/** Collects what the parts of an answer tell: its headers, its document, or the events of its stream, later ones last. */
export class UsageReader {
  private readonly counts = new Map<Counter, number>();
  private readonly told = new Set<Counter>();
  private reason: string | undefined;
  private intervened = false;

  /** Headers count whatever the body says. */
  public headers(headers: Readonly<Record<string, string | undefined>>): void {
    for (const name of NAMES) {
      const count = headers[COUNTERS[name].header];
      if (count === undefined || !/^\d{1,15}$/.test(count)) continue;
      this.counts.set(name, Number(count));
      this.told.add(name);
    }
  }

  /** The answer of an operation, the body of a model, or one event of either's stream. */
  public document(document: unknown): void {
    for (const name of NAMES) {
      const count = this.told.has(name) ? undefined : firstOf(document, COUNTER_PATHS[name], isCount);
      if (count !== undefined) this.counts.set(name, count);
    }
    this.intervened ||= valueAt(document, [STOP.guardrail.path]) === STOP.guardrail.value;
    this.reason = firstOf(document, STOP_PATHS, isReason) ?? this.reason;
  }

  /** A body of InvokeModel. What cannot tell a reason is not parsed. */
  public body(bytes: Uint8Array): void {
    if (bytes.length > BODY.maxBytes) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (text.includes(BODY.hint) || text.includes(STOP.guardrail.path)) this.document(tryJson(text.toString()));
  }

  public usage(): CallUsage {
    const [input, output, cacheRead, cacheWrite] = NAMES.map(name => this.counts.get(name));
    return {
      ...input !== undefined && { inputTokens: input + (cacheRead ?? 0) + (cacheWrite ?? 0) },
      ...output !== undefined && { outputTokens: output },
      ...cacheRead !== undefined && { cacheReadTokens: cacheRead },
      ...cacheWrite !== undefined && { cacheWriteTokens: cacheWrite },
      ...this.stopReason !== undefined && { stopReason: this.stopReason },
    };
  }

  private get stopReason(): string | undefined {
    if (this.intervened) return STOP.guardrail.means;
    return this.reason === undefined ? undefined : converseStopReason(this.reason);
  }
}

/** Whether an event of a stream can hold a token: the first ones only say that an answer begins. */
export function holdsToken(event: unknown): boolean {
  const [member, content] = Object.entries(event ?? {})[0] ?? [];
  return !FIRST_TOKEN.notYet.some(name => name === member || name === valueAt(content, ['type']) || name === valueAt(event, ['type']));
}

/** The document that an event of InvokeModel's stream holds; any other event is one itself. */
export function documentOf(event: unknown): unknown {
  const bytes = valueAt(event, ['chunk', 'bytes']);
  return bytes instanceof Uint8Array ? tryJson(Buffer.from(bytes).toString()) : event;
}

/** How the log tells usage, beside the names of OpenTelemetry. */
export function usageFields(usage: CallUsage): Record<string, unknown> {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, stopReason } = usage;
  const counts = { input: inputTokens, output: outputTokens, cacheRead: cacheReadTokens, cacheWrite: cacheWriteTokens };
  const fields: Record<string, unknown> = {};
  const tellCounts = (key: 'field' | 'attribute'): void => {
    for (const name of NAMES) if (counts[name] !== undefined) fields[COUNTERS[name][key]] = counts[name];
  };
  tellCounts('field');
  if (stopReason !== undefined) fields[STOP.field] = stopReason;
  tellCounts('attribute');
  if (stopReason !== undefined) fields[STOP.attribute] = [stopReason];
  return fields;
}

function firstOf<T>(document: unknown, paths: readonly (readonly string[])[], isWanted: (value: unknown) => value is T): T | undefined {
  for (const path of paths) {
    const value = valueAt(document, path);
    if (isWanted(value)) return value;
  }
  return undefined;
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A word, and no text of a model that stands where a word is looked for. */
function isReason(value: unknown): value is string {
  return typeof value === 'string' && REASON.test(value);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
