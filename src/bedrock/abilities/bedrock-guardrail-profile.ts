/**
 * The guardrail profile by which a guardrail spreads its work over Regions.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region-support.html
 */
export interface BedrockGuardrailProfile {
  /** The profile's id, for example `us.guardrail.v1:0`. */
  readonly profileId: string;

  /** The Regions to which the work may be routed, besides the guardrail's own. */
  readonly destinationRegions: string[];
}
