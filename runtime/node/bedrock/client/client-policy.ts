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

export const STANDARD_POLICY: ClientPolicy = CLIENT_POLICY;
