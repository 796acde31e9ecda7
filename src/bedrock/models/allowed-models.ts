import { Token } from 'aws-cdk-lib';
import { InferenceProfileRouting, routedModel } from './inference-profile-routing';
import { differs } from './model-location';
import { requireRouting } from './require-routing';
import { CLIENT_POLICY, INFERENCE_PROFILES } from '../../contract/data';
import {
  isEmbeddingModel, ModelKind, ModelLocation, ModelReference, profilePrefix, tryModelReference, tryUnguardableWork,
} from '../../contract/model-reference';
import { ModelsFile } from '../../contract/models-file';
import { TeachingErrors } from '../../standards/teaching-error';

/** What the models of a role must keep to. */
export interface ModelRules {
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  /** What the account says of its models, where the app keeps it. */
  readonly modelsFile?: ModelsFile;
  readonly allowEmbeddings: boolean;
  /** Whether a guardrail binds every invocation. */
  readonly isGuarded: boolean;
}

const FORMS = 'foundation-model ids, inference-profile ids, and ARNs of models, profiles, endpoints and prompts; each once, no wildcard';
const EXAMPLE = 'name each model as the SDK does, for example ' +
  '"amazon.nova-lite-v1:0" or "us.anthropic.claude-haiku-4-5-20251001-v1:0"';
/** An empty Region, or an empty account of what belongs to one. */
const PLACELESS_ARN = /^arn:[^:]*:(bedrock|sagemaker):(:|[^:]*::(?!foundation-model))/;
/** A system-defined profile stands in every account, and an endpoint takes no policy by which its account could let others in. */
const OF_THE_CALLERS_ACCOUNT: readonly ModelKind[] = ['geographic-profile', 'global-profile', 'marketplace-endpoint'];
const GEOGRAPHIES: Readonly<Record<string, { partition: string; sources: readonly string[] } | undefined>> = INFERENCE_PROFILES.geographies;

/** Reads `allowedModels`, and refuses what cannot be granted exactly. */
export function requireModels(names: readonly string[], rules: ModelRules, fault: TeachingErrors): ModelReference[] {
  if (names.length === 0) {
    throw fault({ problem: 'allowedModels is empty, so the role could do nothing', given: names, allowed: FORMS, fix: EXAMPLE });
  }
  const models = names.map((name, index) => {
    const model = describedProfile(name, rules) ?? requireModelName(name, fault, rules.modelsFile);
    if (names.indexOf(name) !== index) {
      throw fault({ problem: 'a model is named twice', given: name, allowed: FORMS, fix: 'remove the second one' });
    }
    requireInvokable(model, rules, fault);
    requireReachable(model, rules, fault);
    return model;
  });
  if (models.every(({ kind }) => kind === 'prompt')) {
    throw fault({
      problem: 'there are only prompts, and a prompt is run by a model',
      given: names,
      allowed: FORMS,
      fix: 'add the model of each prompt to allowedModels',
    });
  }
  requireRouting(models, rules, fault);
  return models;
}

/** A value known only at deployment, when its routing tells that it is an application inference profile: one of the stack's own Region. */
function describedProfile(name: string, { routing, sources }: ModelRules): ModelReference | undefined {
  const isOpaque = Token.isUnresolved(name) && !name.startsWith('arn:');
  const isDescribed = routing.some(({ profile, model }) => profile === name && model !== undefined);
  return isOpaque && isDescribed ? { name, kind: 'application-profile', id: name, location: sources[0] } : undefined;
}

/** Reads one model's name. A profile that the account lists may be of a geography that is newer than the library. */
export function requireModelName(name: string, fault: TeachingErrors, modelsFile?: ModelsFile): ModelReference {
  if (Token.isUnresolved(name) && !name.startsWith('arn:')) {
    throw fault({
      problem: 'a model is known only at deployment, so nobody can tell what kind it is',
      given: name,
      allowed: FORMS,
      fix: 'for an application inference profile, add inferenceProfiles: [{ profile: <the token>, model: <what it was made of> }]; ' +
        'build other ARNs by stack.formatArn',
    });
  }
  if (/[*?]/.test(name)) throw fault({ problem: 'a model holds a wildcard', given: name, allowed: FORMS, fix: EXAMPLE });
  const model = tryModelReference(name, Token.isUnresolved) ?? tryNewProfile(name, modelsFile);
  if (model) return model;
  if (PLACELESS_ARN.test(name)) {
    throw fault({
      problem: 'an ARN lacks its Region or its account, so it names nothing',
      given: name,
      allowed: 'ARNs as AWS prints them; only those of foundation models have no account',
      fix: 'name a system-defined profile by its id, for example "us.amazon.nova-pro-v1:0", or complete the ARN',
    });
  }
  const prefix = profilePrefix(name);
  if (!prefix || prefix in GEOGRAPHIES) {
    throw fault({ problem: 'a model id has an unknown form', given: name, allowed: FORMS, fix: EXAMPLE });
  }
  throw fault({
    problem: 'a profile id begins with an unknown geography',
    given: name,
    allowed: [...Object.keys(GEOGRAPHIES), INFERENCE_PROFILES.global.prefix].join(', '),
    fix: 'name the profile of one of these geographies, or ask your account whether it has the profile: plumbline models sync',
  });
}

function tryNewProfile(name: string, file: ModelsFile | undefined): ModelReference | undefined {
  const geography = profilePrefix(name);
  if (!geography || !file?.regions.some(region => isListed(name, region, file))) return undefined;
  return { name, kind: 'geographic-profile', id: name, model: name.slice(geography.length + 1), geography };
}

function isListed(profile: string, region: string, file: ModelsFile | undefined): boolean {
  return Object.hasOwn(file?.tryRegion(region)?.profiles ?? {}, profile);
}

function requireInvokable(model: ModelReference, { allowEmbeddings, isGuarded, routing }: ModelRules, fault: TeachingErrors): void {
  if (model.kind === 'custom-model') {
    throw fault({
      problem: 'a custom model cannot be invoked itself',
      given: model.name,
      allowed: 'the deployment or the provisioned throughput of a custom model; the model itself in batchInference',
      fix: 'name the ARN of its custom-model-deployment or provisioned-model',
    });
  }
  const routed = routedModel(model, routing);
  if (!allowEmbeddings && isEmbeddingModel(routed)) {
    throw fault({
      problem: 'an embedding model is named, and embeddings are not allowed',
      given: model.name,
      allowed: 'embedding models with allowEmbeddings',
      fix: 'set allowEmbeddings: true',
    });
  }
  const unguardable = isGuarded && tryUnguardableWork(routed);
  if (unguardable) {
    throw fault({
      problem: `the guardrail binds every invocation, and models of ${unguardable} take no guardrail: no call could use the grant`,
      given: model.name,
      allowed: 'models of text and images beside a guardrail',
      fix: `give models of ${unguardable} a role of their own, without a guardrail`,
    });
  }
}

/** Refuses a model that does not exist where requests are made. */
function requireReachable(model: ModelReference, rules: ModelRules, fault: TeachingErrors): void {
  const { location, name } = model;
  const [own] = rules.sources;
  for (const source of location ? [location] : rules.sources) requireProfileIn(source, model, rules, fault);
  if (!location) return;
  if (differs(own.partition, location.partition)) {
    throw fault({
      problem: `an ARN of another partition than the stack's (${own.partition})`,
      given: name,
      allowed: 'ARNs of the stack\'s own partition',
      fix: `replace "arn:${location.partition}:" with "arn:${own.partition}:", or drop the model`,
    });
  }
  if (OF_THE_CALLERS_ACCOUNT.includes(model.kind) && differs(own.account, location.account)) {
    throw fault({
      problem: `an ARN of another account than the stack's (${own.account}), where nothing lets the role in: no call could use the grant`,
      given: name,
      allowed: 'system-defined profiles and endpoints of the role\'s own account',
      fix: model.kind === 'marketplace-endpoint' ? 'assume a role of the endpoint\'s account' : `name the profile by its id, "${model.id}"`,
    });
  }
}

function requireProfileIn({ partition, region }: ModelLocation, model: ModelReference, rules: ModelRules, fault: TeachingErrors): void {
  const routed = routedModel(model, rules.routing);
  if (isListed(routed.id, region, rules.modelsFile)) return;
  const home = profileHome(routed, rules);
  if (!home) return;
  if (differs(home.partition, partition)) {
    throw fault({
      problem: `the profile exists only in the partition ${home.partition}`,
      given: model.name,
      allowed: `foundation-model ids, and profiles of the partition ${partition}`,
      fix: 'name the foundation model itself, or a profile of the partition',
    });
  }
  const isDescribed = rules.routing.some(({ profile, destinationRegions }) => profile === model.name && destinationRegions !== undefined);
  if (!home.sources || isDescribed || Token.isUnresolved(region) || home.sources.includes(region)) return;
  throw fault({
    problem: `the profile cannot be called from ${region}`,
    given: model.name,
    allowed: `profiles "${routed.geography}." from ${home.sources.join(', ')}`,
    fix: region === CLIENT_POLICY.regions.fallback && rules.sources.length > 1
      ? 'set allowCrossRegion to false, or name the profile of each Region by its ARN'
      : 'name the profile of the stack\'s own geography, or a "global." profile; ' +
        'where AWS offers it all the same, list its destinationRegions in inferenceProfiles',
  });
}

/** Where a profile is known; one of a geography that is newer than the library, where the account lists it. */
function profileHome(
  { kind, id, geography }: ModelReference, { sources: [own], modelsFile }: ModelRules,
): { partition: string; sources?: readonly string[] } | undefined {
  if (kind === 'global-profile') return { partition: INFERENCE_PROFILES.global.partition };
  if (geography === undefined) return undefined;
  return GEOGRAPHIES[geography] ?? {
    partition: own.partition, sources: modelsFile!.regions.filter(region => isListed(id, region, modelsFile)),
  };
}
