import type { CallUsage } from './call-usage';
import type { FallbackReason } from '../retry/region-circuit';

/** What a call used, and how long its reader waited for the first token of a stream. */
export interface UsedByCall extends CallUsage {
  readonly timeToFirstTokenMs?: number;
}

/** The dimensions of a call that is counted. */
export interface CountedCall {
  readonly model_id: string;
  readonly task_type: string;
  readonly bedrock_client_version: string;
}

/** What the client needs from its surroundings: somewhere to tell what it did, and how long it may take. */
export interface BedrockPorts {
  /** Milliseconds until Lambda ends the function; Infinity where nothing does. */
  remainingTimeMs(): number;
  /** What AWS's own invocation log shall say of a request; what is undefined is left out. */
  requestMetadata(): Readonly<Record<string, string | undefined>>;
  /** One line about a finished call. The surroundings add request, service, environment, and the prompt. */
  logCall(fields: Readonly<Record<string, unknown>>): void;
  /** One line about a stream that was read to its end, or left. */
  logStream(fields: Readonly<Record<string, unknown>>): void;
  logFallback(fields: Readonly<Record<string, unknown>>): void;
  /** Something that should be seen and stops nothing, by its key among the contract's log events. */
  logWarning(event: 'bedrockStreamFailed' | 'taskTypesRejected' | 'taskTypesStale', fields: Readonly<Record<string, unknown>>): void;
  /** One call, with which nothing was throttled yet. */
  countInvocation(dimensions: CountedCall): void;
  /** What an answer used; of a stream once it has ended. */
  countUsage(usage: UsedByCall, dimensions: { readonly model_id: string; readonly task_type: string }): void;
  /** One attempt that was throttled. */
  countThrottling(dimensions: { readonly model_id: string }): void;
  countFallback(dimensions: { readonly from_region: string; readonly to_region: string; readonly reason: FallbackReason }): void;
}
