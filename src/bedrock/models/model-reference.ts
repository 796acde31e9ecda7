import { Token } from 'aws-cdk-lib';
import { ModelLocation } from './model-location';
import { INFERENCE_PROFILES } from '../../contract/data';

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

// provider.model-name with an optional version, as in anthropic.claude-3-haiku-20240307-v1:0 or amazon.titan-text-lite-v1:0:4k
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

/** Reads a model's name; undefined when it has no form that Bedrock knows. */
export function modelReference(name: string): ModelReference | undefined {
  return name.startsWith('arn:') ? arnReference(name) : idReference(name);
}

/** Whether `id` has the form of a foundation-model id. */
export function isFoundationModelId(id: string): boolean {
  return FOUNDATION_MODEL_ID.test(id) && !PROFILE_ID.test(id);
}

/** Whether a model turns input into vectors, told by its name as AWS does. */
export function isEmbeddingModel({ id, model }: ModelReference): boolean {
  return /[.-]embed(ding|dings)?[.-]|-embed(ding|dings)?(-|$)/.test(model ?? id);
}

/** The first part of an id that has the form of a profile's. */
export function profilePrefix(name: string): string | undefined {
  return PROFILE_ID.exec(name)?.[1];
}

function idReference(name: string): ModelReference | undefined {
  const [, prefix, model] = PROFILE_ID.exec(name) ?? [];
  if (!prefix) return isFoundationModelId(name) ? { name, kind: 'foundation-model', id: name } : undefined;
  if (!isFoundationModelId(model)) return undefined;
  if (prefix === INFERENCE_PROFILES.global.prefix) return { name, kind: 'global-profile', id: name, model };
  return prefix in INFERENCE_PROFILES.geographies ? { name, kind: 'geographic-profile', id: name, model, geography: prefix } : undefined;
}

function arnReference(name: string): ModelReference | undefined {
  const [, partition, service, region, account, type, id] = ARN.exec(name) ?? [];
  if (!id) return undefined;
  const location = { partition, region, account };
  if (service === 'bedrock' && type === 'inference-profile') {
    const profile = idReference(id);
    return profile?.model ? { ...profile, name, location } : undefined;
  }
  const kind = RESOURCE_KINDS[`${service} ${type}`];
  if (!kind || !isLocated(kind, location)) return undefined;
  return Token.isUnresolved(id) || RESOURCE_IDS[kind]!.test(id) ? { name, kind, id, location } : undefined;
}

/** Foundation models belong to no account; everything else does. */
function isLocated(kind: ModelKind, { region, account }: ModelLocation): boolean {
  return region !== '' && (kind === 'foundation-model' ? account === '' : account !== '');
}
