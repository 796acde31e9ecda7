import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { InferenceProfileRouting } from './inference-profile-routing';
import { isProfile, routedModel } from './invoke-grants';
import { ModelLocation } from '../../contract/model-reference';
import { differs } from './model-location';
import { isEmbeddingModel, ModelReference, profilePrefix, tryModelReference } from '../../contract/model-reference';
import { isRegion } from '../../contract/regions';
import { CLIENT_POLICY, INFERENCE_PROFILES } from '../../contract/data';
import { teachingError } from '../../standards/teaching-error';

/** Fails with an error that names the construct: the problem, what was given, what is allowed, how to mend it. */
export type Reject = (problem: string, given: unknown, allowed: string, fix: string) => never;

/** What the models of a role are checked against. */
export interface ModelRules {
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  readonly allowEmbeddings: boolean;
}

const FORMS = 'foundation-model ids, inference-profile ids, and ARNs of models, profiles, endpoints and prompts; each once, no wildcard';
const EXAMPLE = 'name each model as the SDK does, for example "anthropic.claude-3-haiku-20240307-v1:0" or "us.anthropic.claude-haiku-4-5-20251001-v1:0"';
const GEOGRAPHIES: Record<string, { partition: string; sources: readonly string[] }> = INFERENCE_PROFILES.geographies;

/** The way errors of a construct are told. */
export function rejectFor(scope: IConstruct, subject: string): Reject {
  return (problem, given, allowed, fix) => {
    throw teachingError(scope, { problem: `${subject}: ${problem}`, given, allowed, fix });
  };
}

/** Reads `allowedModels`, and rejects what cannot be granted exactly. */
export function checkedModels(names: readonly string[], rules: ModelRules, reject: Reject): ModelReference[] {
  if (names.length === 0) reject('allowedModels is empty, so the role could do nothing', names, FORMS, EXAMPLE);
  const models = names.map((name, index) => {
    const model = describedProfile(name, rules) ?? checkedName(name, reject);
    if (names.indexOf(name) !== index) reject('a model is named twice', name, FORMS, 'remove the second one');
    checkUse(model, rules, reject);
    checkPlace(model, rules, reject);
    return model;
  });
  if (models.every(({ kind }) => kind === 'prompt')) {
    reject('there are only prompts, and a prompt is run by a model', names, FORMS, 'add the model of each prompt to allowedModels');
  }
  checkRouting(models, rules, reject);
  return models;
}

/** A value known only at deployment, when its routing tells that it is an application inference profile: one of the stack's own Region. */
function describedProfile(name: string, { routing, sources }: ModelRules): ModelReference | undefined {
  const isOpaque = Token.isUnresolved(name) && !name.startsWith('arn:');
  const isDescribed = routing.some(({ profile, model }) => profile === name && model !== undefined);
  return isOpaque && isDescribed ? { name, kind: 'application-profile', id: name, location: sources[0] } : undefined;
}

/** Reads one model's name. */
export function checkedName(name: string, reject: Reject): ModelReference {
  if (Token.isUnresolved(name) && !name.startsWith('arn:')) {
    reject('a model is known only at deployment, so nobody can tell what kind it is', name, FORMS,
      'for an application inference profile, add inferenceProfiles: [{ profile: <the token>, model: <what it was made of> }]; build other ARNs by stack.formatArn');
  }
  if (/[*?]/.test(name)) reject('a model holds a wildcard', name, FORMS, EXAMPLE);
  const model = tryModelReference(name, Token.isUnresolved);
  if (model) return model;
  const prefix = profilePrefix(name);
  return prefix && !(prefix in GEOGRAPHIES)
    ? reject('a profile id begins with an unknown geography', name, [...Object.keys(GEOGRAPHIES), INFERENCE_PROFILES.global.prefix].join(', '),
      'name the profile of one of these geographies')
    : reject('a model id has an unknown form', name, FORMS, EXAMPLE);
}

function checkUse(model: ModelReference, { allowEmbeddings, routing }: ModelRules, reject: Reject): void {
  if (model.kind === 'custom-model') {
    reject('a custom model cannot be invoked itself', model.name, 'the deployment or the provisioned throughput of a custom model; the model itself in batchInference',
      'name the ARN of its custom-model-deployment or provisioned-model');
  }
  if (!allowEmbeddings && isEmbeddingModel(routedModel(model, { routing }))) {
    reject('an embedding model is named, and embeddings are not allowed', model.name, 'embedding models with allowEmbeddings', 'set allowEmbeddings: true');
  }
}

function checkPlace(model: ModelReference, { sources, routing }: ModelRules, reject: Reject): void {
  const isRouted = routing.some(({ profile, destinationRegions }) => profile === model.name && destinationRegions !== undefined);
  for (const { partition, region } of model.location ? [model.location] : sources) {
    const home = profileHome(model);
    if (home && differs(home.partition, partition)) {
      reject(`the profile exists only in the partition ${home.partition}`, model.name, `foundation-model ids, and profiles of the partition ${partition}`,
        'name the foundation model itself, or a profile of the partition');
    }
    if (home?.sources && !isRouted && !Token.isUnresolved(region) && !home.sources.includes(region)) {
      reject(`the profile cannot be called from ${region}`, model.name, `profiles "${model.geography}." from ${home.sources.join(', ')}`,
        region === CLIENT_POLICY.regions.fallback && sources.length > 1
          ? 'set allowCrossRegion to false, or name the profile of each Region by its ARN'
          : 'name the profile of the stack\'s own geography, or a "global." profile; where AWS offers it all the same, list its destinationRegions in inferenceProfiles');
    }
  }
  if (model.location && differs(sources[0].partition, model.location.partition)) {
    reject(`an ARN of another partition than the stack's (${sources[0].partition})`, model.name, 'ARNs of the stack\'s own partition',
      `replace "arn:${model.location.partition}:" with "arn:${sources[0].partition}:", or drop the model`);
  }
}

function profileHome({ kind, geography }: ModelReference): { partition: string; sources?: readonly string[] } | undefined {
  if (kind === 'global-profile') return { partition: INFERENCE_PROFILES.global.partition };
  return geography === undefined ? undefined : GEOGRAPHIES[geography];
}

function checkRouting(models: readonly ModelReference[], { routing }: ModelRules, reject: Reject): void {
  const allowed = 'one entry for an inference profile of allowedModels';
  for (const [index, { profile, model, destinationRegions }] of routing.entries()) {
    const named = models.find(({ name }) => name === profile);
    if (!named) reject('inferenceProfiles describes a profile that is not among the models', profile, allowed, 'add the profile to allowedModels, or remove the entry');
    if (!isProfile(named!)) reject('inferenceProfiles describes something that is no inference profile', profile, allowed, 'remove the entry');
    if (routing.findIndex(entry => entry.profile === profile) !== index) reject('inferenceProfiles describes a profile twice', profile, allowed, 'remove the second entry');
    if (model !== undefined) checkRoutedModel(named!, model, reject);
    for (const region of destinationRegions ?? []) checkRegion(region, reject);
  }
  const opaque = models.find(({ kind, name }) => kind === 'application-profile' && routing.find(({ profile }) => profile === name)?.model === undefined);
  if (opaque) {
    reject('the ARN of an application inference profile does not tell its model', opaque.name, 'application inference profiles with an entry in inferenceProfiles',
      'add inferenceProfiles: [{ profile: <the ARN>, model: "us.anthropic.claude-haiku-4-5-20251001-v1:0" }], with what the profile was made of');
  }
}

function checkRoutedModel({ kind }: ModelReference, model: string, reject: Reject): void {
  const allowed = 'a foundation-model id or the id of a system-defined profile, for an application inference profile';
  const reference = tryModelReference(model, Token.isUnresolved);
  if (kind !== 'application-profile') reject('the id of a system-defined profile tells its model already', model, allowed, 'remove `model` from the entry');
  if (!reference || reference.location || reference.kind === 'application-profile') {
    reject('inferenceProfiles names a model of an unknown form', model, allowed, 'copy the model source that the profile was created from');
  }
}

/** Rejects what cannot be the code of a Region. */
export function checkRegion(region: string, reject: Reject): void {
  if (!Token.isUnresolved(region) && !isRegion(region)) {
    reject('a destination Region is no Region', region, 'codes of Regions, for example us-west-2', 'list the Regions of `aws bedrock get-inference-profile`');
  }
}
