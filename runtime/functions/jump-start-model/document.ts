import { SAGEMAKER_MODELS } from '../../../src/contract/data';

/** What is read of a model's document in the hub; any of it may stand in a component of a configuration instead. */
export interface HubDocument {
  readonly HostingEcrUri?: string;
  readonly HostingArtifactUri?: string;
  readonly HostingPrepackedArtifactUri?: string;
  readonly HostingModelPackageArn?: string;
  readonly HostingEulaUri?: string;
  readonly GatedBucket?: boolean;
  readonly InferenceAmiVersion?: string;
  readonly InferenceEnvironmentVariables?: readonly { readonly Name: string; readonly Default?: unknown }[];
  readonly DefaultInferenceInstanceType?: string;
  readonly SupportedInferenceInstanceTypes?: readonly string[];
  readonly HostingInstanceTypeVariants?: {
    readonly Aliases?: Readonly<Record<string, string>>;
    readonly Variants?: Readonly<Record<string, Variant>>;
  };
  readonly InferenceConfigs?: Readonly<Record<string, { readonly ComponentNames?: readonly string[] }>>;
  readonly InferenceConfigComponents?: Readonly<Record<string, HubDocument>>;
  readonly InferenceConfigRankings?: Readonly<Record<string, { readonly Rankings?: readonly string[] }>>;
}

interface Variant {
  readonly Properties?: { readonly ImageUri?: string; readonly EnvironmentVariables?: Readonly<Record<string, unknown>> };
}

/** What the template is given. */
export interface ResolvedModel {
  readonly image: string;
  readonly artifact: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly instanceType: string;
  readonly inferenceAmiVersion: string;
}

/** The model on an instance type: the first configuration by JumpStart's own ranking that supports it, with what differs by the type. */
export function resolvedModel(document: HubDocument, wanted: string): ResolvedModel {
  const choices = configurations(document);
  const chosen = choices.find(({ SupportedInferenceInstanceTypes: types = [] }) => wanted === '' || types.includes(wanted));
  if (!chosen) throw unsupported(choices, wanted);
  const instanceType = wanted || required(chosen.DefaultInferenceInstanceType, 'default instance type');
  requireGpu(instanceType);
  const variants = variantsOf(chosen, instanceType);
  const artifact = chosen.HostingPrepackedArtifactUri ?? chosen.HostingArtifactUri;
  if (!artifact && chosen.HostingModelPackageArn) {
    throw new Error('The model is a package of AWS Marketplace, which an endpoint of its own has to subscribe to. '
      + 'Allowed: models whose files JumpStart holds.');
  }
  return {
    image: required(variants.map(({ ImageUri }) => aliased(chosen, ImageUri)).find(uri => uri) ?? chosen.HostingEcrUri, 'image'),
    artifact: required(artifact, 'artifact'),
    environment: {
      ...Object.fromEntries((chosen.InferenceEnvironmentVariables ?? [])
        .filter(({ Default: value }) => value !== undefined && value !== null).map(({ Name, Default }) => [Name, String(Default)])),
      ...Object.fromEntries(variants.reverse()
        .flatMap(({ EnvironmentVariables: variables = {} }) => Object.entries(variables).map(([name, value]) => [name, String(value)]))),
    },
    instanceType,
    inferenceAmiVersion: chosen.InferenceAmiVersion ?? SAGEMAKER_MODELS.servers.byName.vllm.inferenceAmiVersion,
  };
}

/** The template names a system of a host with GPUs: it cannot leave it out for a type that only the deployment knows. */
function requireGpu(instanceType: string): void {
  if (/^ml\.[gp]\d/.test(instanceType)) return;
  throw new Error(`Models of JumpStart's hub are deployed on instances with a GPU. Given: ${instanceType}. `
    + 'To mend it, give the endpoint an instanceType with a GPU, or use GenAiModel.image.');
}

/** Newer models say nothing at the top, and everything in components of configurations. */
function configurations(document: HubDocument): HubDocument[] {
  const { InferenceConfigs: configs = {}, InferenceConfigComponents: components = {}, InferenceConfigRankings: rankings = {} } = document;
  const ranked = rankings.overall?.Rankings ?? Object.values(rankings)[0]?.Rankings ?? Object.keys(configs);
  const merged = ranked.filter(name => Object.hasOwn(configs, name)).map(name =>
    Object.assign({}, document, ...(configs[name].ComponentNames ?? []).map(component => components[component])) as HubDocument);
  return merged.length > 0 ? merged : [document];
}

/** The most special first: of the very type, then of its family. */
function variantsOf({ HostingInstanceTypeVariants: of }: HubDocument, instanceType: string): NonNullable<Variant['Properties']>[] {
  const family = instanceType.split('.')[1];
  return [instanceType, family].flatMap(name => of?.Variants?.[name]?.Properties ?? []);
}

function aliased({ HostingInstanceTypeVariants: of }: HubDocument, uri: string | undefined): string | undefined {
  return uri?.startsWith('$') ? of?.Aliases?.[uri.slice(1)] : uri;
}

function unsupported(choices: readonly HubDocument[], wanted: string): Error {
  const types = [...new Set(choices.flatMap(({ SupportedInferenceInstanceTypes: supported = [] }) => supported))];
  return new Error(`JumpStart does not list this instance type for the model. Given: ${wanted}. Allowed: ${types.join(', ')}.`);
}

function required(value: string | undefined, name: string): string {
  if (value) return value;
  throw new Error(`The model's document in JumpStart's hub names no ${name}, so it cannot be deployed from there. `
    + 'To mend it, use another version, or GenAiModel.s3.');
}
