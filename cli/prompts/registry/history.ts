import { parsedCopy, readCopies } from './copies';
import type { RegistryParts } from './parts';
import { findStatementFaults } from '../../../src/contract/prompts/judged-deployment';
import { currentKey, Placed } from '../../../src/contract/prompts/registry-keys';
import { Deployment } from '../../../src/contract/prompts/statements';

/** The deployments of a prompt in an environment, as the locked copies prove them. */
export interface History extends Placed {
  /** Oldest first. */
  readonly deployments: readonly Deployment[];
  /** What lies among them and is none, as sentences without their full stops. */
  readonly faults: readonly string[];
  /** The sequence that the table has; 0 for none. A copy beyond it serves not yet. */
  readonly served: number;
}

export async function historyOf({ port, seal }: RegistryParts, placed: Placed): Promise<History> {
  const cryptography = await seal.cryptography();
  const { copies, strangers } = await readCopies(port, placed);
  const judged = copies.map(copy => {
    const deployment = parsedCopy(copy) as Deployment;
    const [fault] = findStatementFaults(deployment, placed, cryptography);
    return { deployment, sequence: copy.sequence, isGenuine: !fault && deployment.sequence === copy.sequence };
  });
  const current = await port.tryItem(currentKey(placed));
  const forged = judged.filter(({ isGenuine }) => !isGenuine)
    .map(({ sequence }) => `the locked copy of deployment ${sequence} in ${placed.environment} is not what the registry's key signed`);
  return {
    ...placed,
    deployments: judged.filter(({ isGenuine }) => isGenuine).map(({ deployment }) => deployment),
    faults: [...strangers.map(({ message }) => message), ...forged],
    served: Number.isSafeInteger(current?.sequence) ? current!.sequence as number : 0,
  };
}
