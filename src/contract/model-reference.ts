import { GUARDRAILS, INFERENCE_PROFILES } from './data';
import { isRegion } from './regions';

/** Where a resource stands. In the constructs each part may be a token. */
export interface ModelLocation {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** What a model's name stands for. */
export type ModelKind =
  | 'foundation-model'
  | 'geographic-profile'
  | 'global-profile'
  | 'application-profile'
  | 'provisioned-model'
  | 'custom-model'
  | 'custom-model-deployment'
  | 'imported-model'
  | 'marketplace-endpoint'
  | 'prompt';

/** What models do that take no guardrail. */
export type UnguardableWork = typeof GUARDRAILS.unguardable[number]['work'];

/** A model as it was named, read. */
export interface ModelReference {
  /** The name as it was given. */
  readonly name: string;
  readonly kind: ModelKind;
  /** The resource's id: a foundation-model id, a profile id, or what follows the resource type in an ARN. */
  readonly id: string;
  /** Of a system-defined profile: the foundation model that it routes to. */
  readonly model?: string;
  /** Of a geographic profile: the first part of its id. */
  readonly geography?: string;
  /** Of an ARN: what it says of partition, Region and account. */
  readonly location?: ModelLocation;
}

// provider.model-name with an optional version, as in amazon.nova-lite-v1:0 or amazon.titan-text-lite-v1:0:4k
const FOUNDATION_MODEL_ID = /^[a-z0-9]{1,63}\.[a-z0-9][a-z0-9._-]{0,62}(:[a-z0-9]{1,12}){0,2}$/;
/** A second dot before a letter follows a provider: the first part is a geography, known or not. */
const PROFILE_ID = /^([a-z]+(?:-[a-z]+)*)\.([a-z][a-z0-9]*\.[a-z].*)$/;
const ARN = /^arn:([^:]+):(bedrock|sagemaker):([^:]*):([^:]*):([a-z-]+)\/(.+)$/;

const RESOURCE_KINDS: Record<string, ModelKind> = {
  'bedrock foundation-model': 'foundation-model',
  'bedrock application-inference-profile': 'application-profile',
  'bedrock provisioned-model': 'provisioned-model',
  'bedrock custom-model': 'custom-model',
  'bedrock custom-model-deployment': 'custom-model-deployment',
  'bedrock imported-model': 'imported-model',
  'bedrock prompt': 'prompt',
  'sagemaker endpoint': 'marketplace-endpoint',
};

/** What is not made by a customer in one Region: the type of its ARN. */
const TYPES_IN_EVERY_REGION: Partial<Record<ModelKind, string>> = {
  'foundation-model': 'foundation-model',
  'geographic-profile': 'inference-profile',
  'global-profile': 'inference-profile',
};

const RESOURCE_IDS: Partial<Record<ModelKind, RegExp>> = {
  'foundation-model': FOUNDATION_MODEL_ID,
  'application-profile': /^[a-zA-Z0-9]{1,64}$/,
  'provisioned-model': /^[a-z0-9]{12}$/,
  'custom-model': /^[a-z0-9-]{1,63}\.[a-z0-9.:-]{1,100}\/[a-z0-9]{12}$|^imported\/[a-z0-9]{12}$/,
  'custom-model-deployment': /^[a-z0-9]{12}$/,
  'imported-model': /^[a-z0-9]{12}$/,
  'prompt': /^[a-zA-Z0-9]{10}(:[0-9]{1,5})?$/,
  'marketplace-endpoint': /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
};

/** Whether a part of a name is known only at deployment, so that its form tells nothing. */
export type IsOpaque = (text: string) => boolean;

/** Reads a model's name; undefined when it has no form that Bedrock knows. */
export function tryModelReference(name: string, isOpaque: IsOpaque = () => false): ModelReference | undefined {
  return name.startsWith('arn:') ? arnReference(name, isOpaque) : idReference(name);
}

/** Whether a geographic profile can be called from a Region; true for any model that is bound to no geography. */
export function isCallableFrom({ geography }: Pick<ModelReference, 'geography'>, region: string): boolean {
  return geography === undefined || sourcesOf(geography).includes(region);
}

/** The id or ARN that names the same model in another Region; undefined when there is none. */
export function tryModelInRegion(name: string, region: string): string | undefined {
  const model = tryModelReference(name);
  if (!model) return name.startsWith('arn:') ? undefined : name;
  if (!isCallableFrom(model, region)) return undefined;
  if (!model.location) return name;
  const { partition, account } = model.location;
  const type = TYPES_IN_EVERY_REGION[model.kind];
  return type && `arn:${partition}:bedrock:${region}:${account}:${type}/${model.id}`;
}

/** Whether `id` has the form of a foundation-model id. */
export function isFoundationModelId(id: string): boolean {
  return FOUNDATION_MODEL_ID.test(id) && !PROFILE_ID.test(id);
}

/** What a model does that takes no guardrail, such as `embeddings`; undefined for any other. Told by its id, as AWS names such models. */
export function tryUnguardableWork({ id, model }: ModelReference): UnguardableWork | undefined {
  return GUARDRAILS.unguardable.find(({ pattern }) => new RegExp(pattern).test(model ?? id))?.work;
}

/** Whether a model turns input into vectors. */
export function isEmbeddingModel(model: ModelReference): boolean {
  return tryUnguardableWork(model) === 'embeddings';
}

/** The first part of an id that has the form of a profile's. */
export function profilePrefix(name: string): string | undefined {
  return PROFILE_ID.exec(name)?.[1];
}

function sourcesOf(geography: string): readonly string[] {
  return INFERENCE_PROFILES.geographies[geography as keyof typeof INFERENCE_PROFILES.geographies].sources;
}

function idReference(name: string): ModelReference | undefined {
  const [, prefix, model] = PROFILE_ID.exec(name) ?? [];
  if (!prefix) return isFoundationModelId(name) ? { name, kind: 'foundation-model', id: name } : undefined;
  if (!isFoundationModelId(model)) return undefined;
  if (prefix === INFERENCE_PROFILES.global.prefix) return { name, kind: 'global-profile', id: name, model };
  return prefix in INFERENCE_PROFILES.geographies ? { name, kind: 'geographic-profile', id: name, model, geography: prefix } : undefined;
}

function arnReference(name: string, isOpaque: IsOpaque): ModelReference | undefined {
  const [, partition, service, region, account, type, id] = ARN.exec(name) ?? [];
  if (!id) return undefined;
  const location = { partition, region, account };
  if (!isLocated(type, location, isOpaque)) return undefined;
  if (service === 'bedrock' && type === 'inference-profile') {
    const profile = idReference(id);
    return profile?.model ? { ...profile, name, location } : undefined;
  }
  const kind = RESOURCE_KINDS[`${service} ${type}`];
  return kind && (isOpaque(id) || RESOURCE_IDS[kind]!.test(id)) ? { name, kind, id, location } : undefined;
}

/** Foundation models belong to no account; everything else does. */
function isLocated(type: string, { region, account }: ModelLocation, isOpaque: IsOpaque): boolean {
  const isOfAccount = type === 'foundation-model' ? account === '' : isOpaque(account) || /^[0-9]{12}$/.test(account);
  return isOfAccount && (isOpaque(region) || isRegion(region));
}
