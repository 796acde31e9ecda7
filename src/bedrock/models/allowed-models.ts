import { Token } from 'aws-cdk-lib';
import { InferenceProfileRouting, isProfile, routedModel } from './inference-profile-routing';
import { differs } from './model-location';
import { requireRegion } from './require-region';
import { CLIENT_POLICY, INFERENCE_PROFILES } from '../../contract/data';
import { isEmbeddingModel, ModelLocation, ModelReference, profilePrefix, tryModelReference } from '../../contract/model-reference';
import { TeachingErrors } from '../../standards/teaching-error';

/** What the models of a role must keep to. */
export interface ModelRules {
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  readonly allowEmbeddings: boolean;
}

const FORMS = 'foundation-model ids, inference-profile ids, and ARNs of models, profiles, endpoints and prompts; each once, no wildcard';
const EXAMPLE = 'name each model as the SDK does, for example ' +
  '"anthropic.claude-3-haiku-20240307-v1:0" or "us.anthropic.claude-haiku-4-5-20251001-v1:0"';
const GEOGRAPHIES: Readonly<Record<string, { partition: string; sources: readonly string[] }>> = INFERENCE_PROFILES.geographies;

/** Reads `allowedModels`, and refuses what cannot be granted exactly. */
export function requireModels(names: readonly string[], rules: ModelRules, fault: TeachingErrors): ModelReference[] {
  if (names.length === 0) {
    throw fault({ problem: 'allowedModels is empty, so the role could do nothing', given: names, allowed: FORMS, fix: EXAMPLE });
  }
  const models = names.map((name, index) => {
    const model = describedProfile(name, rules) ?? requireModelName(name, fault);
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

/** Reads one model's name. */
export function requireModelName(name: string, fault: TeachingErrors): ModelReference {
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
  const model = tryModelReference(name, Token.isUnresolved);
  if (model) return model;
  const prefix = profilePrefix(name);
  if (!prefix || prefix in GEOGRAPHIES) {
    throw fault({ problem: 'a model id has an unknown form', given: name, allowed: FORMS, fix: EXAMPLE });
  }
  throw fault({
    problem: 'a profile id begins with an unknown geography',
    given: name,
    allowed: [...Object.keys(GEOGRAPHIES), INFERENCE_PROFILES.global.prefix].join(', '),
    fix: 'name the profile of one of these geographies',
  });
}

function requireInvokable(model: ModelReference, { allowEmbeddings, routing }: ModelRules, fault: TeachingErrors): void {
  if (model.kind === 'custom-model') {
    throw fault({
      problem: 'a custom model cannot be invoked itself',
      given: model.name,
      allowed: 'the deployment or the provisioned throughput of a custom model; the model itself in batchInference',
      fix: 'name the ARN of its custom-model-deployment or provisioned-model',
    });
  }
  if (!allowEmbeddings && isEmbeddingModel(routedModel(model, routing))) {
    throw fault({
      problem: 'an embedding model is named, and embeddings are not allowed',
      given: model.name,
      allowed: 'embedding models with allowEmbeddings',
      fix: 'set allowEmbeddings: true',
    });
  }
}

/** Refuses a model that does not exist where requests are made. */
function requireReachable(model: ModelReference, rules: ModelRules, fault: TeachingErrors): void {
  const { location, name } = model;
  const [own] = rules.sources;
  for (const source of location ? [location] : rules.sources) requireProfileIn(source, model, rules, fault);
  if (!location || !differs(own.partition, location.partition)) return;
  throw fault({
    problem: `an ARN of another partition than the stack's (${own.partition})`,
    given: name,
    allowed: 'ARNs of the stack\'s own partition',
    fix: `replace "arn:${location.partition}:" with "arn:${own.partition}:", or drop the model`,
  });
}

function requireProfileIn({ partition, region }: ModelLocation, model: ModelReference, rules: ModelRules, fault: TeachingErrors): void {
  const home = profileHome(model);
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
    allowed: `profiles "${model.geography}." from ${home.sources.join(', ')}`,
    fix: region === CLIENT_POLICY.regions.fallback && rules.sources.length > 1
      ? 'set allowCrossRegion to false, or name the profile of each Region by its ARN'
      : 'name the profile of the stack\'s own geography, or a "global." profile; ' +
        'where AWS offers it all the same, list its destinationRegions in inferenceProfiles',
  });
}

function profileHome({ kind, geography }: ModelReference): { partition: string; sources?: readonly string[] } | undefined {
  if (kind === 'global-profile') return { partition: INFERENCE_PROFILES.global.partition };
  return geography === undefined ? undefined : GEOGRAPHIES[geography];
}

function requireRouting(models: readonly ModelReference[], { routing }: ModelRules, fault: TeachingErrors): void {
  for (const [index, entry] of routing.entries()) {
    requireRoutingEntry(entry, models, fault);
    if (routing.findIndex(({ profile }) => profile === entry.profile) !== index) {
      throw fault({
        problem: 'inferenceProfiles describes a profile twice',
        given: entry.profile,
        allowed: 'one entry for an inference profile of allowedModels',
        fix: 'remove the second entry',
      });
    }
  }
  const isDescribed = (name: string) => routing.some(({ profile, model }) => profile === name && model !== undefined);
  const opaque = models.find(({ kind, name }) => kind === 'application-profile' && !isDescribed(name));
  if (!opaque) return;
  throw fault({
    problem: 'the ARN of an application inference profile does not tell its model',
    given: opaque.name,
    allowed: 'application inference profiles with an entry in inferenceProfiles',
    fix: 'add inferenceProfiles: [{ profile: <the ARN>, model: "us.anthropic.claude-haiku-4-5-20251001-v1:0" }], ' +
      'with what the profile was made of',
  });
}

function requireRoutingEntry(entry: InferenceProfileRouting, models: readonly ModelReference[], fault: TeachingErrors): void {
  const { profile, model, destinationRegions } = entry;
  const allowed = 'one entry for an inference profile of allowedModels';
  const named = models.find(({ name }) => name === profile);
  if (!named) {
    throw fault({
      problem: 'inferenceProfiles describes a profile that is not among the models',
      given: profile,
      allowed,
      fix: 'add the profile to allowedModels, or remove the entry',
    });
  }
  if (!isProfile(named)) {
    throw fault({
      problem: 'inferenceProfiles describes something that is no inference profile',
      given: profile,
      allowed,
      fix: 'remove the entry',
    });
  }
  if (model !== undefined) requireRoutedModel(named, model, fault);
  for (const region of destinationRegions ?? []) requireRegion(region, fault);
}

function requireRoutedModel({ kind }: ModelReference, model: string, fault: TeachingErrors): void {
  const allowed = 'a foundation-model id or the id of a system-defined profile, for an application inference profile';
  if (kind !== 'application-profile') {
    throw fault({
      problem: 'the id of a system-defined profile tells its model already',
      given: model,
      allowed,
      fix: 'remove `model` from the entry',
    });
  }
  const reference = tryModelReference(model, Token.isUnresolved);
  if (reference && !reference.location && reference.kind !== 'application-profile') return;
  throw fault({
    problem: 'inferenceProfiles names a model of an unknown form',
    given: model,
    allowed,
    fix: 'copy the model source that the profile was created from',
  });
}
