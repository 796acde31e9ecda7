/** What the construct tells the function each day. */
export interface DetectorInput {
  /** The service_name of the count of searches. */
  readonly detector: string;
  readonly services: readonly WatchedService[];
  /** The log group of the account's model invocations, where there is one. */
  readonly invocationLog?: string;
  readonly exceptions: readonly BypassException[];
  /** Where each finding goes. */
  readonly topicArn?: string;
}

/** A function of a service. */
export interface WatchedService {
  readonly service: string;
  readonly logGroup: string;
  readonly role: string;
  readonly fn: string;
}

/** Calls that are known, and allowed for a time. */
export interface BypassException {
  readonly service?: string;
  readonly role?: string;
  readonly reason: string;
  /** The last day on which it counts, in UTC. */
  readonly until: string;
}

const NEEDED = ['detector', 'services', 'exceptions'] as const;

/** By hand the function can be called with the input that its rule has. */
export function requireInput(event: unknown): DetectorInput {
  const given = (event ?? {}) as Partial<Record<typeof NEEDED[number], unknown>>;
  const missing = NEEDED.filter(name => given[name] === undefined);
  if (missing.length === 0) return event as DetectorInput;
  throw new Error(`The event has no ${missing.join(', ')}. Call the function with the input of its EventBridge rule: `
    + 'it names the services.');
}
