/**
 * The guardrail that every invocation stands under.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html
 */
export interface BedrockGuardrail {
  /** The guardrail's ARN, without a version. */
  readonly guardrailArn: string;

  /** The guardrail's version: a number. The draft is no version, because anyone who may edit it changes what is enforced. */
  readonly version: string;
}
