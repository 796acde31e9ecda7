import { requireRuleInput } from '../sdk/rule-input';

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

export function requireInput(event: unknown): DetectorInput {
  return requireRuleInput<DetectorInput>(event, NEEDED, 'the services');
}
