/**
 * What a role may do at Bedrock's OpenAI-compatible endpoint (`bedrock-mantle`).
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_bedrock-mantle.html
 */
export interface BedrockOpenAiEndpoint {
  /**
   * The projects in which the role may create inference requests.
   *
   * @default ['default']
   */
  readonly projectIds?: string[];

  /**
   * Whether requests may carry a bearer token, as the OpenAI SDK sends them, and not only a signature.
   *
   * AWS defines the action without resources.
   *
   * @default false
   */
  readonly allowBearerToken?: boolean;
}
