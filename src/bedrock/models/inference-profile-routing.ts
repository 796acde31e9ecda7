import { Token } from 'aws-cdk-lib';
import { INFERENCE_PROFILES } from '../../contract/data';
import { ModelLocation, ModelReference, tryModelReference } from '../../contract/model-reference';

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
   * @default - those of the library's table of geographies
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

/** The Regions in which a model may run that is asked for, by this profile, in the source Region. */
export function destinationsOf(profile: ModelReference, source: ModelLocation, routing: readonly InferenceProfileRouting[]): string[] {
  const described = routing.find(entry => entry.profile === profile.name)?.destinationRegions;
  return [...new Set([source.region, ...described ?? tabulated(routedModel(profile, routing))])];
}

/** The Regions of the contract's table; a request to a single model stays in its Region. */
function tabulated({ kind, id, geography }: ModelReference): readonly string[] {
  if (kind !== 'geographic-profile') return [];
  const exceptions: Record<string, readonly string[] | undefined> = INFERENCE_PROFILES.profiles;
  return exceptions[id] ?? INFERENCE_PROFILES.geographies[geography as keyof typeof INFERENCE_PROFILES.geographies].destinations;
}
