import { Token } from 'aws-cdk-lib';
import { InferenceProfileRouting, isProfile, routedModel } from './inference-profile-routing';
import { isKnownModel, withoutContextSize } from '../../contract/known-models';
import { ModelKind, ModelLocation, ModelReference } from '../../contract/model-reference';
import { ModelsFile, RegionModels } from '../../contract/models-file';
import { Warning } from '../../standards/warnings';

/** What a model is looked up in. */
export interface KnownModels {
  /** Where requests are made. */
  readonly sources: readonly ModelLocation[];
  readonly routing: readonly InferenceProfileRouting[];
  /** What the account says of its models, where the app keeps it. */
  readonly modelsFile?: ModelsFile;
}

/** What AWS offers, and no customer makes. */
const LISTED: readonly ModelKind[] = ['foundation-model', 'geographic-profile', 'global-profile'];

/**
 * Warns of each model that the account does not list in a Region that it was asked for, and of each that nothing knows elsewhere: a
 * slip of the pen, a model that is not in the Region, or one that is newer than what we know.
 */
export function findUnknownModels(models: readonly ModelReference[], known: KnownModels): Warning[] {
  return models.flatMap(model => {
    const routed = routedModel(model, known.routing);
    const id = routed.model ?? routed.id;
    if (!LISTED.includes(routed.kind) || Token.isUnresolved(id)) return [];
    const regions = model.location ? [model.location.region] : known.sources.map(({ region }) => region);
    return [...new Set(regions)].flatMap(region => tryWarning(model.name, routed, region, known.modelsFile) ?? []);
  });
}

function tryWarning(name: string, routed: ModelReference, region: string, file: ModelsFile | undefined): Warning | undefined {
  const asked = file?.tryRegion(region);
  const command = `plumbline models sync --region ${Token.isUnresolved(region) ? '<region>' : region}`;
  if (asked) {
    if (isListed(routed, asked)) return undefined;
    return unknown(`The account does not list the model "${name}" in ${region}, as of ${asked.syncedOn}: requests for it fail there, ` +
      `unless AWS has opened it since. Look at its name and its Region, or ask again: ${command}.`);
  }
  const isListedElsewhere = Token.isUnresolved(region) && file?.regions.some(other => isListed(routed, file.tryRegion(other)!));
  if (isListedElsewhere || isKnownModel(routed.model ?? routed.id)) return undefined;
  return unknown(`Neither the library nor the app's plumbline.models.json knows the model "${name}". Look at its name, ` +
    `or ask your account, so that its Regions and its end of life are known: ${command}.`);
}

function isListed(routed: ModelReference, { models, profiles }: RegionModels): boolean {
  if (isProfile(routed)) return Object.hasOwn(profiles, routed.id);
  return Object.hasOwn(models, routed.id) || Object.hasOwn(models, withoutContextSize(routed.id));
}

function unknown(message: string): Warning {
  return { id: 'unknownModel', message };
}
