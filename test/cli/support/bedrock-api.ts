import { LocalApi, LocalRequest } from './local-api';

/** What the API of a Region knows. */
export interface RegionAnswers {
  readonly profiles: readonly { readonly id: string; readonly arns: readonly string[] }[];
  readonly models: readonly { readonly id: string; readonly lifecycle?: object }[];
}

const PAGE = 2;

/** A server that speaks what `plumbline models sync` asks of Bedrock's control plane, in pages of two. */
export class BedrockApi extends LocalApi {
  /** Whether lists leave out where a profile leads. */
  public isTerse = false;

  constructor(public regions: Record<string, RegionAnswers>) {
    super('BEDROCK');
  }

  protected operationOf({ url }: LocalRequest): string {
    const [, collection, id] = url.pathname.split('/');
    return collection === 'foundation-models' ? 'ListFoundationModels' : id ? 'GetInferenceProfile' : 'ListInferenceProfiles';
  }

  protected answerTo({ operation, region, url }: LocalRequest & { readonly operation: string }): object | undefined {
    const { profiles, models } = this.regions[region];
    if (operation === 'ListFoundationModels') return { modelSummaries: models.map(model => modelSummary(model, region)) };
    const id = decodeURIComponent(url.pathname.split('/')[2] ?? '');
    if (id) return profileSummary(profiles.find(profile => profile.id === id)!, region);
    if (url.searchParams.get('type') !== 'SYSTEM_DEFINED') return undefined;
    const from = Number(url.searchParams.get('nextToken') ?? 0);
    const shown = profiles.map(profile => (this.isTerse ? { ...profile, arns: [] } : profile));
    const page = shown.slice(from, from + PAGE).map(profile => profileSummary(profile, region));
    return { inferenceProfileSummaries: page, ...from + PAGE < profiles.length && { nextToken: this.tokenOf(from + PAGE) } };
  }
}

const YOUNG = { status: 'ACTIVE', startOfLifeTime: '2025-01-01T00:00:00Z' };

function modelSummary({ id, lifecycle = YOUNG }: RegionAnswers['models'][number], region: string): object {
  return {
    modelArn: `arn:aws:bedrock:${region}::foundation-model/${id}`,
    modelId: id,
    modelName: 'A model',
    providerName: 'Amazon',
    inputModalities: ['TEXT'],
    outputModalities: ['TEXT'],
    responseStreamingSupported: true,
    customizationsSupported: [],
    inferenceTypesSupported: ['ON_DEMAND'],
    modelLifecycle: lifecycle,
  };
}

function profileSummary({ id, arns }: RegionAnswers['profiles'][number], region: string): object {
  return {
    inferenceProfileName: 'A profile',
    description: 'Routes requests.',
    createdAt: '2024-09-30T00:00:00Z',
    updatedAt: '2024-11-04T17:49:37.317261Z',
    inferenceProfileArn: `arn:aws:bedrock:${region}:123456789012:inference-profile/${id}`,
    models: arns.map(modelArn => ({ modelArn })),
    inferenceProfileId: id,
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
  };
}
