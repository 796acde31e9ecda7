import type { DeploymentFault } from '../../../src/contract/prompts/judged-deployment';
import type { ObjectFault } from '../../../src/contract/prompts/judged-objects';
import type { VersionFault } from '../../../src/contract/prompts/judged-version';

type FurtherCode = 'not-published' | 'unfinished' | 'bundled-unknown' | 'bundled-revoked' | 'event-forged' | 'event-missing'
| 'event-silenced';

/** Something that is not as the registry has published it. */
export interface Finding {
  readonly prompt_id: string;
  readonly environment: string;
  readonly code: DeploymentFault['code'] | VersionFault['code'] | ObjectFault['code'] | FurtherCode;
  readonly message: string;
  /** What is there, and what the registry has published. */
  readonly active_hash?: string;
  readonly registry_hash?: string;
}

/** What an environment serves of a prompt, as the table says it. */
export interface Served {
  readonly prompt_id: string;
  readonly environment: string;
  readonly version: string;
  readonly template_hash: string;
  readonly candidate_version?: string;
  readonly candidate_hash?: string;
  readonly candidate_percent?: number;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly served: readonly Served[];
}
