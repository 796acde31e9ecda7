import { Tampered } from './tampered';
import { DeploymentFault } from '../../../src/contract/prompts/judged-deployment';
import { ObjectFault } from '../../../src/contract/prompts/judged-objects';
import { VersionFault } from '../../../src/contract/prompts/judged-version';
import { Placed } from '../../../src/contract/prompts/registry-keys';
import { Deployment, PublishedVersion } from '../../../src/contract/prompts/statements';

/** What is wrong with what an environment serves of a prompt. */
export interface Finding {
  readonly code: DeploymentFault['code'] | VersionFault['code'] | ObjectFault['code'] | 'tampered'
  | 'event-forged' | 'event-missing' | 'event-silenced' | 'git-differs' | 'not-deployed';
  /** As a sentence, mostly without its full stop. */
  readonly message: string;
  /** The hash of what is served, and of what the registry knows. */
  readonly activeHash?: string;
  readonly registryHash?: string;
}

/** What an environment serves of a prompt, and what is wrong with it. */
export interface Inspected extends Placed {
  /** Undefined when nothing is deployed, or when what stands there is not the registry's. */
  readonly deployment?: Deployment;
  /** What is active; undefined too while anything is wrong. */
  readonly document?: PublishedVersion;
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  /** So many events were not told yet. */
  readonly waitingEvents: number;
}

/** A deployment that is signed, and every signed one of its locked history, oldest first. */
export interface ServiceEvidence {
  readonly placed: Placed;
  readonly deployment: Deployment;
  readonly history: readonly Deployment[];
}

/** What is not the registry's is a finding; any other error ends the command. */
export async function orFinding(work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Tampered)) throw error;
    return [{ code: 'tampered', message: error.fault }];
  }
}
