import { CLIENT_POLICY } from '../../../../src/contract/data';

/** The numbers of the contract's client policy that the client itself needs. Tests give shorter ones of the same shape. */
export interface ClientPolicy {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: Readonly<Record<string, number>> & { readonly default: number };
  readonly maxAttempts: number;
  readonly maxRetryWaitMs: number;
  readonly regions: { readonly primary: string; readonly fallback: string; readonly failuresBeforeFallback: number };
  readonly circuit: { readonly fallbacksToOpen: number; readonly openMs: number };
  readonly deadlineReserve: { readonly ms: number; readonly share: number };
  readonly bidirectionalInactivityMs: number;
  readonly maxSockets: number;
  readonly refresh: { readonly intervalMs: number; readonly timeoutMs: number; readonly maxReadTimeoutMs: number };
  readonly retried: readonly string[];
}

/** The task types of the standard. */
export type TaskType = keyof typeof CLIENT_POLICY.readTimeoutMs;

export const STANDARD_POLICY: ClientPolicy = CLIENT_POLICY;

/** The longest that one call without a stream can take, whatever the network does. */
export function callBoundMs(policy: ClientPolicy, readTimeoutMs: number): number {
  const attemptMs = policy.connectTimeoutMs + readTimeoutMs;
  return policy.maxAttempts * attemptMs + (policy.maxAttempts - 1) * policy.maxRetryWaitMs;
}
