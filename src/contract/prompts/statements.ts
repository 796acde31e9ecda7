import { PromptContent, PromptVariable } from './prompt-content';

/* What the registry keeps, as it stands in its bucket and its table. The table's items have their keys beside these members. */

/** A statement's signature in base64. A sandbox signs nothing. */
export interface Signed {
  readonly signature?: string;
}

/** A version of a prompt, as it is in the bucket. */
export interface PublishedVersion extends PromptContent, Signed {
  readonly kind: 'version';
  readonly id: string;
  readonly version: string;
  readonly variables: Readonly<Record<string, PromptVariable>>;
  /** The text of its file, normalised. */
  readonly source: string;
  readonly template_hash: string;
  readonly compiled_hash: string;
  readonly track: 'standard' | 'expedited';
  /** What CountTokens says with each variable at its sample, and at its longest; null where it was not asked. */
  readonly tokens: { readonly sample: number; readonly maximum: number } | null;
  readonly author: string;
  readonly time: string;
}

/** Who says yes to a version. */
export interface Approval extends Signed {
  readonly kind: 'approval';
  readonly prompt_id: string;
  readonly version: string;
  readonly template_hash: string;
  readonly compiled_hash: string;
  readonly reviewer: string;
  readonly role: string;
  /** The ARN of the caller. */
  readonly identity: string;
  readonly time: string;
}

/** The results of a suite of tests. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
}

/** What CountTokens says of a version, beside the one it is to follow. */
export interface TokenResult {
  readonly sample: number;
  readonly maximum: number;
  readonly base_version?: string;
  /** The greater of the two changes, of the sample's and of the maximum's tokens. */
  readonly delta_percent?: number;
}

/** What was tested before a version was published. */
export interface Gates extends Signed {
  readonly kind: 'gates';
  readonly prompt_id: string;
  readonly version: string;
  readonly template_hash: string;
  readonly golden?: SuiteResult;
  readonly safety?: SuiteResult;
  readonly tokens: TokenResult | null;
  readonly policy_change: boolean;
  readonly time: string;
}

/** A version that is in service in an environment. */
export interface Release {
  readonly version: string;
  readonly template_hash: string;
  readonly compiled_hash: string;
  /** Of the environment's copy. */
  readonly key: string;
  readonly object_version_id: string;
  /** Of the object's bytes. */
  readonly sha256: string;
}

/** What is in service in an environment. */
export interface Deployment extends Signed {
  readonly kind: 'deployment';
  readonly environment: string;
  readonly prompt_id: string;
  /** 1, 2, …: one more with every deployment. */
  readonly sequence: number;
  readonly active: Release;
  readonly candidate?: Release & { readonly percent: number };
  /** The template hashes of versions that must not be served any more, not even from a cache. */
  readonly revoked: readonly string[];
  readonly reason?: string;
  readonly by: string;
  readonly time: string;
  readonly event_id: string;
}
