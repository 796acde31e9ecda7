import type { Deployments } from './deployments';
import type { Seal } from './seal';
import type { Versions } from './versions';
import { VersionName } from '../../../src/contract/prompts/registry-keys';
import type { RegistryPort } from '../../aws/registry-port';

export interface PromoteOrder extends VersionName {
  readonly environment: string;
  /** From the candidate's share to all sessions. */
  readonly toAll?: boolean;
}

/** What a command did: `isNew` is false when it was done already. */
export interface Done<T> {
  readonly isNew: boolean;
  readonly result: T;
  /** What callers have to know, as sentences without their full stops. */
  readonly warnings?: readonly string[];
}

/** The parts of a registry that a command works with. */
export interface RegistryParts {
  readonly port: RegistryPort;
  readonly environments: readonly string[];
  readonly isSandbox: boolean;
  /** The registry's own, beside those of the contract. */
  readonly policyPhrases: readonly string[];
  readonly seal: Seal;
  readonly versions: Versions;
  readonly deployments: Deployments;
}
