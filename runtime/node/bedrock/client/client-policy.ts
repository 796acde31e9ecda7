import { CLIENT_POLICY } from '../../../../src/contract/data';
import type { TransportOptions } from '../http/exchange-request';
import type { RetryPolicy } from '../retry/retry-policy';

/** The numbers of the contract's client policy that the client itself needs. Tests give shorter ones of the same shape. */
export interface ClientPolicy extends RetryPolicy, Pick<TransportOptions, 'maxSockets' | 'keepAlive'> {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: Readonly<Record<string, number>> & { readonly default: number };
  readonly serviceTier: { readonly names: readonly string[]; readonly byTaskType: Readonly<Record<string, string>> };
  readonly regions: RetryPolicy['regions'] & { readonly primary: string; readonly fallback: string };
  readonly circuit: { readonly fallbacksToOpen: number; readonly openMs: number };
  readonly deadlineReserve: { readonly ms: number; readonly share: number };
  readonly bidirectionalInactivityMs: number;
  readonly maxClients: number;
  readonly refresh: {
    readonly intervalMs: number; readonly timeoutMs: number; readonly minReadTimeoutMs: number; readonly maxReadTimeoutMs: number;
  };
  readonly rerouted: readonly string[];
}

export const STANDARD_POLICY: ClientPolicy = CLIENT_POLICY;
