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

  /**
   * The Regions of the guardrails that may have the profile: AWS opens Regions to profiles more often than the library's table changes.
   *
   * @default - those of the library's table of geographies
   */
  readonly sourceRegions?: string[];
}

/**
 * A guardrail that an account or its organisation enforces: Bedrock applies it to every invocation, and refuses callers that may not
 * apply it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html
 */
export interface GuardrailInForce {
  /** The guardrail's ARN, without a version; that of an organisation is in another account. */
  readonly guardrailArn: string;

  /**
   * The guardrail profile that the guardrail was made with: callers must be allowed to apply it too, in the guardrail's account.
   *
   * @default - the guardrail works in its own Region
   */
  readonly profile?: BedrockGuardrailProfile;
}
