import { destinationsOf, InferenceProfileRouting, isProfile, routedModel } from './inference-profile-routing';
import { bedrockArn, foundationModelArn } from './model-location';
import { GrantConditions, oneOrMany, PolicyGrant } from './policy-grant';
import { BEDROCK_ROLE, INFERENCE_PROFILES } from '../../contract/data';
import { isEmbeddingModel, ModelLocation, ModelReference } from '../../contract/model-reference';
import { ModelsFile } from '../../contract/models-file';

/** What the grants of a model depend on, besides the model. */
export interface InvokeContext {
  /** Where requests are made: the stack's own Region first, then the fallback Region, if any. */
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  /** What the account says of its models, where the app keeps it. */
  readonly modelsFile?: ModelsFile;
  /** Under which every invocation stands. */
  readonly conditions?: GrantConditions;
}

const { invoke, embed, renderPrompt, invokeEndpoint } = BEDROCK_ROLE.statements;
const PROFILE_KEY = 'bedrock:InferenceProfileArn';

/** What the statements of one kind of invocation have in common. */
type Invocation = Pick<PolicyGrant, 'sid' | 'actions'>;

/** The statements that let a role invoke these models, and nothing else. */
export function invokeGrants(models: readonly ModelReference[], context: InvokeContext): PolicyGrant[] {
  const embedding = models.filter(model => isEmbeddingModel(routedModel(model, context.routing)));
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
function namedResources(statement: Invocation, models: readonly ModelReference[], context: InvokeContext): PolicyGrant[] {
  const resources = [...new Set(models.flatMap(model => namedArns(model, context.sources)))];
  return resources.length === 0 ? [] : [{ ...statement, resources, ...conditioned(context.conditions) }];
}

function namedArns(model: ModelReference, sources: readonly ModelLocation[]): string[] {
  const { kind, id, name, location } = model;
  // IAM knows no single Marketplace endpoint: this is the one resource of the type, and SageMaker decides about the endpoint itself.
  if (kind === 'marketplace-endpoint') return [bedrockArn(location!, 'marketplace/model-endpoint/all-access')];
  if (location) return [name];
  if (kind === 'foundation-model') return sources.map(source => foundationModelArn(id, source));
  return sources.map(source => bedrockArn(source, `inference-profile/${id}`));
}

/** SageMaker hosts Marketplace models, and asks whether the caller may invoke the endpoint through Bedrock. */
function hostedEndpoint({ name }: ModelReference): PolicyGrant {
  return { ...invokeEndpoint, resources: [name], conditions: { StringEquals: { 'aws:CalledViaLast': 'bedrock.amazonaws.com' } } };
}

/** The foundation models behind a profile, open to requests through this profile only. */
function throughProfile(statement: Invocation, profile: ModelReference, context: InvokeContext): PolicyGrant[] {
  if (!isProfile(profile)) return [];
  const routed = routedModel(profile, context.routing);
  const model = routed.model ?? routed.id;
  const through = { ...statement, sid: `${statement.sid}ThroughProfile` };
  const sources = profile.location ? [profile.location] : context.sources;
  const perSource = sources.map(source => ({
    profile: profile.location ? profile.name : bedrockArn(source, `inference-profile/${profile.id}`),
    resources: destinationsOf(profile, source, context).map(region => foundationModelArn(model, { ...source, region })),
  }));
  const grants = merged(perSource).map(({ profiles, resources }): PolicyGrant => ({
    ...through, resources, ...conditioned(context.conditions, { [PROFILE_KEY]: oneOrMany(profiles) }),
  }));
  if (routed.kind !== 'global-profile') return grants;
  return [...grants, worldwide(through, routed, perSource.map(entry => entry.profile), context)];
}

/** A global profile routes by a model ARN without Region, while the requested Region is "unspecified". */
function worldwide(statement: Invocation, { model }: ModelReference, profiles: string[], { conditions }: InvokeContext): PolicyGrant {
  const { partition, requestedRegion } = INFERENCE_PROFILES.global;
  return {
    ...statement,
    resources: [foundationModelArn(model!, { partition, region: '' })],
    ...conditioned(conditions, { 'aws:RequestedRegion': requestedRegion, [PROFILE_KEY]: oneOrMany(profiles) }),
  };
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

function conditioned(common: GrantConditions = {}, equals: Record<string, string | string[]> = {}): { conditions?: GrantConditions } {
  const all = { ...common.StringEquals, ...equals };
  const conditions = { ...common, ...Object.keys(all).length > 0 && { StringEquals: all } };
  return Object.keys(conditions).length === 0 ? {} : { conditions };
}
