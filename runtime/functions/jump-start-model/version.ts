import type { HubCall } from './hub-calls';

const HUB = 'SageMakerPublicHub';
const MODEL = 'Model';
const MAX_NAMED = 5;

/** A version of a model, as DescribeHubContent returns it. */
export interface HubContent {
  readonly HubContentVersion: string;
  readonly HubContentDocument: string;
}

interface VersionList {
  readonly HubContentSummaries?: readonly {
    readonly HubContentVersion: string;
    readonly HubContentStatus?: string;
    readonly SupportStatus?: string;
  }[];
  readonly NextToken?: string;
}

/** The model in the version that is meant: an exact one, or the newest that a pattern such as `1.2.*` means and JumpStart supports. */
export async function hubContentOf(call: HubCall, modelId: string, version: string): Promise<HubContent> {
  const content = { HubName: HUB, HubContentType: MODEL, HubContentName: modelId };
  const exact = version.includes('*') ? await newest(call, content, version) : version;
  try {
    return await call('DescribeHubContent', { ...content, HubContentVersion: exact });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw notFound(modelId, version, await versionsOf(call, content));
  }
}

async function newest(call: HubCall, content: { HubContentName: string }, pattern: string): Promise<string> {
  const versions = await versionsOf(call, content);
  const start = pattern.slice(0, -1);
  const found = versions.find(version => version.startsWith(start));
  if (found === undefined) throw notFound(content.HubContentName, pattern, versions);
  return found;
}

/** The supported ones, the newest first; none of a model that is not there. */
async function versionsOf(call: HubCall, content: object): Promise<string[]> {
  const versions: string[] = [];
  let token: string | undefined;
  do {
    const page: VersionList = await listed(call, { ...content, MaxResults: 100, ...(token && { NextToken: token }) });
    const usable = (page.HubContentSummaries ?? [])
      .filter(({ HubContentStatus = 'Available', SupportStatus = 'Supported' }) =>
        HubContentStatus === 'Available' && SupportStatus === 'Supported');
    versions.push(...usable.map(({ HubContentVersion }) => HubContentVersion));
    token = page.NextToken;
  } while (token);
  return versions.sort((one, other) => distance(other) - distance(one));
}

async function listed(call: HubCall, input: object): Promise<VersionList> {
  try {
    return await call<VersionList>('ListHubContentVersions', input);
  } catch (error) {
    if (isNotFound(error)) return {};
    throw error;
  }
}

const isNotFound = (error: unknown): boolean => error instanceof Error && error.name === 'ResourceNotFound';

/** Versions have three parts of at most four digits. */
function distance(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(part => Number(part.replace('*', '0')));
  return (major * 10_000 + minor) * 10_000 + patch;
}

function notFound(modelId: string, version: string, versions: readonly string[]): Error {
  if (versions.length === 0) {
    return new Error(`JumpStart has no model of this id here. Given: ${modelId}. Region: ${process.env.AWS_REGION}. `
      + 'Allowed: the ids of the public hub, https://sagemaker.readthedocs.io/en/stable/doc_utils/pretrainedmodels.html');
  }
  const wanted = distance(version);
  const nearest = [...versions].sort((one, other) => Math.abs(distance(one) - wanted) - Math.abs(distance(other) - wanted));
  return new Error(`JumpStart has no such version of ${modelId}. Given: ${version}. Nearest: ${nearest.slice(0, MAX_NAMED).join(', ')}. `
    + `Newest: ${versions[0]}.`);
}
