import { PROMPT_REGISTRY } from '../../src/contract/data';
import { awsFault } from '../aws/aws-faults';
import type { RegistryAsker } from '../aws/prompt-registry';
import type { RegistryLocation } from '../aws/registry-port';
import { ATTEMPTS, sdk } from '../aws/sdk';
import { Registry } from './registry/registry';
import { CouldNotRun } from '../system/could-not-run';

export interface AccessOptions {
  readonly registry?: string;
  readonly region?: string;
  readonly profile?: string;
}

const VARIABLE = 'PLUMBLINE_PROMPT_REGISTRY';
const SANDBOX = PROMPT_REGISTRY.ungatedEnvironments[0];

/** What the command asks of each service. */
const SERVICES: Readonly<Record<string, { readonly name: string; readonly needs: readonly string[] }>> = {
  ssm: { name: 'Systems Manager', needs: ['GetParameter'] },
  s3: { name: 'S3', needs: ['GetObject', 'GetObjectVersion', 'PutObject', 'ListBucket'] },
  dynamodb: { name: 'DynamoDB', needs: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem'] },
  kms: { name: 'KMS', needs: ['Sign', 'GetPublicKey', 'Decrypt', 'GenerateDataKey'] },
  events: { name: 'EventBridge', needs: ['PutEvents'] },
  sts: { name: 'STS', needs: ['GetCallerIdentity'] },
  bedrock: { name: 'Bedrock', needs: ['CountTokens'] },
};

/** The environments that options name, each once; none where none is named. Errors: the sandbox beside others. */
export function namedEnvironments(named: readonly string[] = []): { readonly chosen?: readonly string[]; readonly environment?: string } {
  const chosen = [...new Set(named.flatMap(text => text.split(',')).map(text => text.trim()))];
  if (chosen.includes(SANDBOX) && chosen.length > 1) {
    throw new CouldNotRun(`The sandbox is a registry of its own: name ${SANDBOX} in a command of its own.`);
  }
  return chosen.length > 0 ? { chosen, environment: chosen[0] } : {};
}

/** Before anything is asked: an id goes into keys. */
export function requireName(id: string, version?: string): void {
  const { idPattern, versionPattern } = PROMPT_REGISTRY;
  if (!new RegExp(idPattern).test(id)) throw new CouldNotRun(`"${id}" is no id of a prompt. It has to match ${idPattern}.`);
  if (version !== undefined && !new RegExp(versionPattern).test(version)) {
    throw new CouldNotRun(`"${version}" is no version. Three numbers are: 1.2.0`);
  }
}

/** Works with the registry that the options or the environment name, or with its sandbox. */
export async function withRegistry<T>(
  options: AccessOptions, environment: string | undefined, work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const { AwsRegistry, readParameter } = sdk();
  const name = options.registry ?? process.env[VARIABLE];
  if (!name) {
    throw new CouldNotRun('No registry is named. Name its SSM parameter by --registry '
      + `/<prefix>/${PROMPT_REGISTRY.parameterName}, or set ${VARIABLE}: `
      + 'the construct PromptRegistry writes it as an output.');
  }
  const aws = { region: options.region, profile: options.profile, attempts: ATTEMPTS };
  const { text, region } = await readParameter(name, aws, asker);
  const location = requireLocation(text, name, region);
  const isSandbox = environment === SANDBOX;
  if (isSandbox && !location.sandbox) throw new CouldNotRun(`The registry ${name} has no sandbox. Deploy it with one.`);
  const at = isSandbox ? { ...location, ...location.sandbox } : location;
  const port = new AwsRegistry(at, aws, asker);
  try {
    const environments = isSandbox ? [SANDBOX] : location.environments;
    const { eventBus, policyPhrases } = location;
    return await work(new Registry(port, { environments, eventBus, isSandbox, policyPhrases }));
  } finally {
    port.destroy();
  }
}

const asker: RegistryAsker = async (prefix, operation, region, ask) => {
  try {
    return await ask();
  } catch (error) {
    throw awsFault(error as Error, { operation, region, attempts: ATTEMPTS, service: { prefix, ...SERVICES[prefix] } });
  }
};

function requireLocation(text: string | undefined, name: string, region: string): RegistryLocation {
  if (text === undefined) throw new CouldNotRun(`${region} has no SSM parameter ${name}. Look at --registry, --region and --profile.`);
  let location: Partial<RegistryLocation> | null;
  try {
    location = JSON.parse(text) as Partial<RegistryLocation> | null;
  } catch {
    location = null;
  }
  const missing = (['bucket', 'table', 'signingKey', 'eventBus', 'environments', 'region'] as const)
    .filter(member => !location?.[member]?.length);
  if (missing.length === 0) return location as RegistryLocation;
  throw new CouldNotRun(`The SSM parameter ${name} is not that of a prompt registry: it has no ${missing.join(', ')}.`);
}
