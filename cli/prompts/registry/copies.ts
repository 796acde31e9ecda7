import type { Finding } from './finding';
import { PROMPT_REGISTRY } from '../../../src/contract/data';
import { DeploymentEvidence } from '../../../src/contract/prompts/judged-deployment';
import { deploymentPrefix, Placed } from '../../../src/contract/prompts/registry-keys';
import type { RegistryPort } from '../../aws/registry-port';
import { mapAtOnce } from '../../system/at-once';

/** So many copies are read at once. */
const AT_ONCE = 64;
const COPY = new RegExp(`^(\\d{${PROMPT_REGISTRY.objects.sequenceDigits}})\\.json$`);

/** The locked history of a prompt in an environment as it lies there, oldest first, and what else lies among it. */
export interface Copies {
  readonly copies: DeploymentEvidence['copies'];
  readonly strangers: readonly Finding[];
}

export async function readCopies(port: Pick<RegistryPort, 'keys' | 'tryObject'>, placed: Placed): Promise<Copies> {
  const prefix = deploymentPrefix(placed);
  const named = (await port.keys(prefix, 'keys')).map(key => ({ key, sequence: COPY.exec(key.slice(prefix.length))?.[1] }));
  const copies = await mapAtOnce(named.filter(({ sequence }) => sequence !== undefined), AT_ONCE, async ({ key, sequence }) => {
    const object = await port.tryObject(key);
    return { sequence: Number(sequence), text: object ? new TextDecoder().decode(object.bytes) : '' };
  });
  const strangers = named.filter(({ sequence }) => sequence === undefined)
    .map(({ key }) => ({ code: 'history-forged' as const, message: `${key} is no deployment` }));
  return { copies, strangers };
}

/** A copy as an object; one that is no JSON has no member. */
export function parsedCopy({ text }: { readonly text: string }): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
