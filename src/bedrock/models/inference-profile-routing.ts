import { Token } from 'aws-cdk-lib';
import { INFERENCE_PROFILES } from '../../contract/data';
import { ModelLocation, ModelReference, tryModelReference } from '../../contract/model-reference';
import { ModelsFile } from '../../contract/models-file';

/**
 * What an inference profile routes to, where its name does not tell or the library's table is to be overruled.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles.html
 */
export interface InferenceProfileRouting {
  /** The profile, exactly as in `allowedModels`. */
  readonly profile: string;

  /**
   * Of an application inference profile: what it was made of, a foundation model or a system-defined profile, by its id or by
   * its ARN, as in the profile's `copyFrom`.
   *
   * @default - the model in the profile's own id; an application inference profile has none
   */
  readonly model?: string;

  /**
   * The Regions to which requests may be routed, besides the one they are made in. Once listed, the profile may be called from
   * any Region: AWS opens Regions to profiles more often than the library's table changes.
   *
   * `aws bedrock get-inference-profile --inference-profile-identifier …` prints them.
   *
   * @default - those that the app's plumbline.models.json says for the Region; else those of the library's table
   */
  readonly destinationRegions?: string[];
}

export function isProfile({ kind }: ModelReference): boolean {
  return kind === 'geographic-profile' || kind === 'global-profile' || kind === 'application-profile';
}

/** What an application inference profile was made of; any other model as it is. */
export function routedModel(model: ModelReference, routing: readonly InferenceProfileRouting[]): ModelReference {
  const source = model.kind === 'application-profile' ? routing.find(({ profile }) => profile === model.name)?.model : undefined;
  return source === undefined ? model : tryModelReference(source, Token.isUnresolved) ?? model;
}

/** What tells where a profile leads. */
interface Routings {
  readonly routing: readonly InferenceProfileRouting[];
  /** What the account says of its models, where the app keeps it. */
  readonly modelsFile?: ModelsFile;
}

/** The Regions in which a model may run that is asked for, by this profile, in the source Region. */
export function destinationsOf(profile: ModelReference, source: ModelLocation, { routing, modelsFile }: Routings): string[] {
  const described = routing.find(entry => entry.profile === profile.name)?.destinationRegions;
  return [...new Set([source.region, ...described ?? knownDestinations(routedModel(profile, routing), source, modelsFile)])];
}

/** The Regions that the account says, else those of the contract's table; a request to a single model stays in its Region. */
function knownDestinations({ kind, id, geography }: ModelReference, { region }: ModelLocation, file?: ModelsFile): readonly string[] {
  if (kind !== 'geographic-profile') return [];
  const said = file?.tryRegion(region)?.profiles ?? {};
  if (Object.hasOwn(said, id)) return said[id];
  const exceptions: Record<string, readonly string[] | undefined> = INFERENCE_PROFILES.profiles;
  const geographies: Record<string, { readonly destinations: readonly string[] } | undefined> = INFERENCE_PROFILES.geographies;
  return exceptions[id] ?? geographies[geography!]?.destinations
    // Of a geography that is newer than the library, in a stack without a fixed Region.
    ?? file!.regions.flatMap(other => file!.tryRegion(other)!.profiles[id] ?? []);
}
