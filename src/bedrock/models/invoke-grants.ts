import { InferenceProfileRouting } from './inference-profile-routing';
import { ModelLocation } from '../../contract/model-reference';
import { bedrockArn, foundationModelArn } from './model-location';
import { isEmbeddingModel, ModelReference, tryModelReference } from '../../contract/model-reference';
import { GrantConditions, PolicyGrant } from '../role/policy-grant';
import { BEDROCK_ROLE, INFERENCE_PROFILES } from '../../contract/data';

/** What the grants of a model depend on, besides the model. */
export interface InvokeContext {
  /** Where requests are made: the stack's own Region first, then the fallback Region, if any. */
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  /** Under which every invocation stands. */
  readonly conditions?: GrantConditions;
}

const { invoke, embed, renderPrompt, marketplaceEndpoint } = BEDROCK_ROLE.statements;
const PROFILE_KEY = 'bedrock:InferenceProfileArn';

/** The statements that let a role invoke these models, and nothing else. */
export function invokeGrants(models: readonly ModelReference[], context: InvokeContext): PolicyGrant[] {
  const embedding = models.filter(model => isEmbeddingModel(routedModel(model, context)));
  const generating = models.filter(model => !embedding.includes(model) && model.kind !== 'prompt');
  return [
    ...namedResources(invoke, generating, context),
    ...namedResources(embed, embedding, context),
    ...generating.flatMap(model => throughProfile(invoke, model, context)),
    ...embedding.flatMap(model => throughProfile(embed, model, context)),
    ...models.filter(({ kind }) => kind === 'prompt').map(({ name }) => ({ ...renderPrompt, resources: [name] })),
    ...models.filter(({ kind }) => kind === 'marketplace-endpoint').map(hostedEndpoint),
  ];
}

/** What the caller names in its request, in one statement. */
function namedResources(statement: Pick<PolicyGrant, 'sid' | 'actions'>, models: readonly ModelReference[], context: InvokeContext): PolicyGrant[] {
  const resources = unique(models.flatMap(model => namedArns(model, context.sources)));
  return resources.length === 0 ? [] : [{ ...statement, resources, ...conditioned(context.conditions) }];
}

function namedArns(model: ModelReference, sources: readonly ModelLocation[]): string[] {
  const { kind, id, name, location } = model;
  // IAM knows no single Marketplace endpoint: this is the one resource of the type, and the endpoint itself is guarded by SageMaker.
  if (kind === 'marketplace-endpoint') return [bedrockArn(location!, 'marketplace/model-endpoint/all-access')];
  if (location) return [name];
  return sources.map(source => (kind === 'foundation-model' ? foundationModelArn(id, source) : bedrockArn(source, `inference-profile/${id}`)));
}

/** SageMaker hosts Marketplace models, and asks whether the caller may invoke the endpoint through Bedrock. */
function hostedEndpoint({ name }: ModelReference): PolicyGrant {
  return { ...marketplaceEndpoint, resources: [name], conditions: { StringEquals: { 'aws:CalledViaLast': 'bedrock.amazonaws.com' } } };
}

/** The foundation models behind a profile, open to requests through this profile only. */
function throughProfile(statement: Pick<PolicyGrant, 'sid' | 'actions'>, model: ModelReference, context: InvokeContext): PolicyGrant[] {
  if (!isProfile(model)) return [];
  const routed = routedModel(model, context);
  const sources = model.location ? [model.location] : context.sources;
  const sid = `${statement.sid}ThroughProfile`;
  const perSource = sources.map(source => ({
    profile: model.location ? model.name : bedrockArn(source, `inference-profile/${model.id}`),
    resources: destinations(model, routed, source, context),
  }));
  const grants = merged(perSource).map(({ profiles, resources }): PolicyGrant => ({
    ...statement, sid, resources, ...conditioned(context.conditions, { [PROFILE_KEY]: oneOrMany(profiles) }),
  }));
  return routed.kind === 'global-profile' ? [...grants, worldwide({ ...statement, sid }, routed, perSource.map(({ profile }) => profile), context)] : grants;
}

/** A global profile routes by a model ARN without Region, while the requested Region is "unspecified". */
function worldwide(statement: Pick<PolicyGrant, 'sid' | 'actions'>, { model }: ModelReference, profiles: string[], context: InvokeContext): PolicyGrant {
  const { partition, requestedRegion } = INFERENCE_PROFILES.global;
  return {
    ...statement,
    resources: [foundationModelArn(model!, { partition, region: '' })],
    ...conditioned(context.conditions, { 'aws:RequestedRegion': requestedRegion, [PROFILE_KEY]: oneOrMany(profiles) }),
  };
}

/** The model in the source Region and in every Region that the profile routes to. */
function destinations(profile: ModelReference, routed: ModelReference, source: ModelLocation, { routing }: InvokeContext): string[] {
  const model = routed.model ?? routed.id;
  const regions = routing.find(entry => entry.profile === profile.name)?.destinationRegions ?? tabulated(routed);
  return unique([source.region, ...regions]).map(region => foundationModelArn(model, { partition: source.partition, region }));
}

/** The Regions of the contract's table; a request to a single model stays in its Region. */
function tabulated({ kind, id, geography }: ModelReference): readonly string[] {
  if (kind !== 'geographic-profile') return [];
  const exceptions: Record<string, readonly string[] | undefined> = INFERENCE_PROFILES.profiles;
  return exceptions[id] ?? INFERENCE_PROFILES.geographies[geography as keyof typeof INFERENCE_PROFILES.geographies].destinations;
}

/** What an application inference profile was made of; any other model as it is. */
export function routedModel(model: ModelReference, { routing }: Pick<InvokeContext, 'routing'>): ModelReference {
  const source = model.kind === 'application-profile' ? routing.find(({ profile }) => profile === model.name)?.model : undefined;
  return source === undefined ? model : tryModelReference(source) ?? model;
}

export function isProfile({ kind }: ModelReference): boolean {
  return kind === 'geographic-profile' || kind === 'global-profile' || kind === 'application-profile';
}

/** Profiles of several Regions that lead to the same models share a statement. */
function merged(perSource: { profile: string; resources: string[] }[]): { profiles: string[]; resources: string[] }[] {
  const byResources = new Map<string, { profiles: string[]; resources: string[] }>();
  for (const { profile, resources } of perSource) {
    const key = [...resources].sort().join(' ');
    const entry = byResources.get(key);
    byResources.set(key, entry ? { ...entry, profiles: [...entry.profiles, profile] } : { profiles: [profile], resources });
  }
  return [...byResources.values()];
}

function conditioned(common: GrantConditions | undefined, equals: Record<string, string | string[]> = {}): { conditions?: GrantConditions } {
  const all = { ...common?.StringEquals, ...equals };
  return Object.keys(all).length === 0 ? {} : { conditions: { StringEquals: all } };
}

const oneOrMany = (values: string[]): string | string[] => (values.length === 1 ? values[0] : values);

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
