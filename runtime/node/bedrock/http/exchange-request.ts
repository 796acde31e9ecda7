import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Attempt } from '../retry/attempt';
import type { CallerSignal } from '../retry/caller-abort';

export type HttpRequest = Parameters<NodeHttpHandler['handle']>[0];

/** One request of one attempt, and what decides when it must end. */
export interface ExchangeRequest {
  readonly request: HttpRequest;
  readonly attempt: Attempt;
  readonly callerSignal: CallerSignal | undefined;
  readonly answersWithStream: boolean;
}

export interface TransportOptions {
  readonly maxSockets: number;
  readonly keepAlive: { readonly idleMs: number; readonly probeMs: number };
  /** For tests: trusted beside nothing else. */
  readonly ca?: string;
}
