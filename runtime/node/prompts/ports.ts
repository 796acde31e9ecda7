import type { Attributes } from './attributes';
import type { KmsKey } from './signing-key';
import type { TableKey } from '../../../src/contract/prompts/registry-keys';

/** Where prompts are kept. Each call ends when its signal says so, at the latest. */
export interface PromptStore {
  /** The item that says what an environment serves, as it is now; undefined when there is none. */
  deployment(key: TableKey, signal: AbortSignal): Promise<Attributes | undefined>;
  /** The bytes of one version of an object. */
  object(key: string, versionId: string, signal: AbortSignal): Promise<Uint8Array>;
  signingKey(id: string, signal: AbortSignal): Promise<KmsKey>;
}

export type PromptEvent = 'promptIntegrityFailed' | 'promptStale' | 'promptBundled' | 'promptUnavailable';
export type PromptMetric = 'PromptIntegrityFailureCount' | 'PromptStaleCount' | 'PromptBundledCount' | 'PromptUnavailableCount';

/** What prompts need from their surroundings: a clock, how long they may take, and somewhere to tell what happened. */
export interface PromptPorts {
  /** Milliseconds by the wall clock, which goes on while Lambda freezes the function. */
  now(): number;
  /** Milliseconds until Lambda ends the function; Infinity where nothing does. */
  remainingTimeMs(): number;
  log(level: 'warn' | 'error', event: PromptEvent, fields: Readonly<Record<string, unknown>>): void;
  count(metric: PromptMetric, value: number, dimensions: { readonly prompt_id: string }): void;
}

/** The numbers of the contract that reading goes by. Tests give shorter ones. */
export interface PromptLimits {
  readonly freshMs: number;
  readonly maxStaleMs: number;
  /** How long a caller who could be served a stale prompt waits for a fresh one. */
  readonly waitMs: number;
  /** How long all calls together may take. */
  readonly totalMs: number;
  /** How long the registry is left alone after it could not be read. */
  readonly retryMs: number;
}
