import { Token } from 'aws-cdk-lib';
import { InferenceProfileRouting, isProfile } from './inference-profile-routing';
import { differs } from './model-location';
import { requireRegion } from './require-region';
import { ModelKind, ModelLocation, ModelReference, tryModelReference } from '../../contract/model-reference';
import { TeachingErrors } from '../../standards/teaching-error';

const ENTRY = 'one entry for an inference profile of allowedModels';
/** What an application inference profile can be made of. */
const SOURCES: readonly ModelKind[] = ['foundation-model', 'geographic-profile', 'global-profile'];

/** Refuses entries that describe no inference profile among the models, and application inference profiles without one. */
export function requireRouting(
  models: readonly ModelReference[],
  { routing, sources: [own] }: { readonly routing: readonly InferenceProfileRouting[]; readonly sources: readonly ModelLocation[] },
  fault: TeachingErrors,
): void {
  for (const [index, entry] of routing.entries()) {
    requireRoutingEntry(entry, models, own, fault);
    if (routing.findIndex(({ profile }) => profile === entry.profile) !== index) {
      throw fault({
        problem: 'inferenceProfiles describes a profile twice',
        given: entry.profile,
        allowed: ENTRY,
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

function requireRoutingEntry(
  entry: InferenceProfileRouting, models: readonly ModelReference[], own: ModelLocation, fault: TeachingErrors,
): void {
  const { profile, model, destinationRegions } = entry;
  const named = models.find(({ name }) => name === profile);
  if (!named) {
    throw fault({
      problem: 'inferenceProfiles describes a profile that is not among the models',
      given: profile,
      allowed: ENTRY,
      fix: 'add the profile to allowedModels, or remove the entry',
    });
  }
  if (!isProfile(named)) {
    throw fault({
      problem: 'inferenceProfiles describes something that is no inference profile',
      given: profile,
      allowed: ENTRY,
      fix: 'remove the entry',
    });
  }
  if (model !== undefined) requireRoutedModel(named, model, fault);
  for (const region of destinationRegions ?? []) requireRegion(region, own, fault);
}

function requireRoutedModel({ kind, name, location }: ModelReference, model: string, fault: TeachingErrors): void {
  const allowed = 'a foundation model or a system-defined profile, by its id or its ARN, for an application inference profile';
  if (kind !== 'application-profile') {
    throw fault({
      problem: 'the id of a system-defined profile tells its model already',
      given: model,
      allowed,
      fix: 'remove `model` from the entry',
    });
  }
  const source = tryModelReference(model, Token.isUnresolved);
  if (!source || !SOURCES.includes(source.kind)) {
    throw fault({
      problem: 'inferenceProfiles names a model of an unknown form',
      given: model,
      allowed,
      fix: 'copy the model source that the profile was created from',
    });
  }
  if (source.location && differs(location!.region, source.location.region)) {
    throw fault({
      problem: `an application inference profile of ${location!.region} cannot be made of a model of ${source.location.region}`,
      given: { profile: name, model },
      allowed: 'a model source of the profile\'s own Region',
      fix: 'copy the model source that the profile was created from',
    });
  }
}
