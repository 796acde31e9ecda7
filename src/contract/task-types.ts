import { CLIENT_POLICY } from './data';

const SHOWN_NAMES = 3;
const SHOWN_CHARACTERS = 40;

/** The task types of the standard. */
export type TaskType = keyof typeof CLIENT_POLICY.readTimeoutMs;

/** What of the client policy decides which read timeouts AppConfig may hold. */
export interface TaskTypePolicy {
  readonly readTimeoutMs: Readonly<Record<string, number>>;
  readonly refresh: { readonly minReadTimeoutMs: number; readonly maxReadTimeoutMs: number };
  readonly serviceTier: { readonly names: readonly string[]; readonly byTaskType: Readonly<Record<string, string>> };
}

/** Which requests can name a service tier, and which of them wrap it. */
export interface TierOperations {
  readonly operations: readonly string[];
  readonly typed: readonly string[];
}

/** Read timeouts in milliseconds and service tiers by task type, and what else the document holds; or why it cannot be used. */
export type TaskTypeSettings =
  | {
    readonly readTimeoutMs: Readonly<Record<string, number>>;
    readonly serviceTiers: Readonly<Record<string, string>>;
    readonly unknownKeys: readonly string[];
  }
  | { readonly problem: string };

/** The names that are no task types. */
export function findUnknownTaskTypes(names: readonly string[], { readTimeoutMs }: TaskTypePolicy = CLIENT_POLICY): string[] {
  return names.filter(name => !Object.hasOwn(readTimeoutMs, name));
}

/** Whether a value can be a read timeout. */
export function isReadTimeoutMs(value: unknown, { refresh }: TaskTypePolicy = CLIENT_POLICY): value is number {
  return Number.isInteger(value) && Number(value) >= refresh.minReadTimeoutMs && Number(value) <= refresh.maxReadTimeoutMs;
}

/** The document in AppConfig, with only what differs from the standard: `{"readTimeoutMs": {"synthesis": 60000}}`. */
export function taskTypesDocument(
  readTimeoutMs: Readonly<Record<string, number>>, serviceTiers?: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({ readTimeoutMs, serviceTiers });
}

/**
 * What AppConfig takes, also from who changes the document by hand: service tiers only among those of `tiers`. Its validators know
 * JSON Schema up to draft 4.
 */
export function taskTypesSchema({ readTimeoutMs, refresh }: TaskTypePolicy = CLIENT_POLICY, tiers?: readonly string[]): string {
  const byTaskType = (value: object) => ({
    type: 'object', additionalProperties: false, properties: Object.fromEntries(Object.keys(readTimeoutMs).map(name => [name, value])),
  });
  const readTimeout = { type: 'integer', minimum: refresh.minReadTimeoutMs, maximum: refresh.maxReadTimeoutMs };
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['readTimeoutMs'],
    additionalProperties: false,
    properties: {
      readTimeoutMs: byTaskType(readTimeout),
      ...tiers && { serviceTiers: byTaskType({ enum: tiers }) },
    },
  });
}

/** The settings of a document over the built-in ones. One wrong value and none of them counts: half a policy is nobody's. */
export function taskTypeSettingsOf(document: string, policy: TaskTypePolicy = CLIENT_POLICY): TaskTypeSettings {
  const parsed = recordOf(document);
  const given = parsed?.readTimeoutMs;
  const tiers = parsed?.serviceTiers ?? {};
  if (!isRecord(given)) return { problem: 'the document is not JSON of the shape {"readTimeoutMs": {"<task type>": <milliseconds>}}' };

  if (!isRecord(tiers)) return { problem: 'serviceTiers is not of the shape {"<task type>": "<service tier>"}' };

  const { readTimeoutMs, refresh, serviceTier } = policy;
  const unknown = findUnknownTaskTypes([...Object.keys(given), ...Object.keys(tiers)], policy);
  if (unknown.length > 0) {
    return { problem: `unknown task types: ${shortList(unknown)}; known are ${Object.keys(readTimeoutMs).join(', ')}` };
  }

  const wrong = Object.keys(given).filter(taskType => !isReadTimeoutMs(given[taskType], policy));
  if (wrong.length > 0) {
    return { problem: `not whole milliseconds from ${refresh.minReadTimeoutMs} to ${refresh.maxReadTimeoutMs}: ${wrong.join(', ')}` };
  }
  const noTiers = Object.keys(tiers).filter(taskType => !serviceTier.names.some(name => name === tiers[taskType]));
  if (noTiers.length > 0) return { problem: `no service tiers (${serviceTier.names.join(', ')}): ${noTiers.join(', ')}` };
  return {
    readTimeoutMs: { ...readTimeoutMs, ...given as Record<string, number> },
    serviceTiers: { ...serviceTier.byTaskType, ...tiers as Record<string, string> },
    unknownKeys: Object.keys(parsed!).filter(key => key !== 'readTimeoutMs' && key !== 'serviceTiers'),
  };
}

/** A request with the service tier of its task type, where the operation knows tiers and the request names none. */
export function withServiceTier<T extends object>(
  operation: string, input: T, tier: string | undefined, { operations, typed }: TierOperations = CLIENT_POLICY.serviceTier,
): T {
  if (tier === undefined || !operations.includes(operation)) return input;
  if ((input as { serviceTier?: unknown }).serviceTier !== undefined) return input;
  return { ...input, serviceTier: typed.includes(operation) ? { type: tier } : tier };
}

/** A few names for a log line; there may be thousands, of any length. */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map(name => (name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name));
  return shown.join(', ') + (names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '');
}

function recordOf(document: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(document);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
