import {
  BedrockClient, FoundationModelSummary, GetInferenceProfileCommand, InferenceProfileSummary, ListFoundationModelsCommand,
  ListInferenceProfilesCommand,
} from '@aws-sdk/client-bedrock';
import { Asker, pagesOf } from './pages';
import type { AccountModel, RegionModels } from '../../src/contract/models-file';

const PAGE = 1000;
const ARN = /^arn:[^:]+:bedrock:([^:]*):([^:]*):[a-z-]+\/.+$/;

/** Whom to ask. */
export interface AccountQuestion {
  readonly region: string;
  /** A profile of the shared AWS configuration. */
  readonly profile?: string;
  /** Today, as in `2026-11-28`. */
  readonly day: string;
  /** How often a request is tried that AWS throttles. */
  readonly attempts: number;
}

/** The Region of the environment or of the profile; undefined where neither names one. */
export async function tryConfiguredRegion(profile?: string): Promise<string | undefined> {
  const client = new BedrockClient({ ...profile !== undefined && { profile } });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}

/** What the account says of the models of a Region. */
export async function askAccount({ region, profile, day, attempts }: AccountQuestion, asker: Asker): Promise<RegionModels> {
  const client = new BedrockClient({ region, maxAttempts: attempts, retryMode: 'standard', ...profile !== undefined && { profile } });
  try {
    const profiles = await profilesOf(client, asker);
    const models = await asker('ListFoundationModels', () => client.send(new ListFoundationModelsCommand({})));
    const account = profiles.map(({ inferenceProfileArn }) => ARN.exec(inferenceProfileArn ?? '')?.[2]).find(Boolean);
    return {
      ...account !== undefined && { account },
      syncedOn: day,
      models: Object.fromEntries((models.modelSummaries ?? []).flatMap(modelEntry)),
      profiles: Object.fromEntries(await Promise.all(profiles.map(summary => profileEntry(summary, client, asker)))),
    };
  } finally {
    client.destroy();
  }
}

async function profilesOf(client: BedrockClient, asker: Asker): Promise<InferenceProfileSummary[]> {
  const profiles: InferenceProfileSummary[] = [];
  const ask = (nextToken?: string) =>
    client.send(new ListInferenceProfilesCommand({ typeEquals: 'SYSTEM_DEFINED', maxResults: PAGE, nextToken }));
  for await (const page of pagesOf('ListInferenceProfiles', asker, ask, ({ nextToken }) => nextToken)) {
    profiles.push(...page.inferenceProfileSummaries ?? []);
  }
  return profiles;
}

function modelEntry({ modelId, modelLifecycle }: FoundationModelSummary): [string, AccountModel][] {
  if (modelId === undefined) return [];
  const { status = 'ACTIVE', legacyTime, publicExtendedAccessTime, endOfLifeTime } = modelLifecycle ?? {};
  return [[modelId, {
    status,
    ...legacyTime && { legacy: dayOf(legacyTime) },
    ...publicExtendedAccessTime && { extendedAccess: dayOf(publicExtendedAccessTime) },
    ...endOfLifeTime && { endOfLife: dayOf(endOfLifeTime) },
  }]];
}

/** A list may leave out where a profile leads; the profile itself tells. */
async function profileEntry(summary: InferenceProfileSummary, client: BedrockClient, asker: Asker): Promise<[string, string[]]> {
  const id = summary.inferenceProfileId!;
  const known = regionsOf(summary);
  if (known.length > 0) return [id, known];
  const command = new GetInferenceProfileCommand({ inferenceProfileIdentifier: id });
  return [id, regionsOf(await asker('GetInferenceProfile', () => client.send(command)))];
}

/** A global profile also names the model without a Region, which is no Region. */
function regionsOf({ models }: Pick<InferenceProfileSummary, 'models'>): string[] {
  return [...new Set((models ?? []).flatMap(({ modelArn }) => ARN.exec(modelArn ?? '')?.[1] || []))].sort();
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
