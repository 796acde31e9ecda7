/**
 * What an inference profile routes to, where its name does not tell or the library's table is to be overruled.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles.html
 */
export interface InferenceProfileRouting {
  /** The profile, exactly as in `allowedModels`. */
  readonly profile: string;

  /**
   * Of an application inference profile: what it was made of, a foundation-model id or the id of a system-defined profile.
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
