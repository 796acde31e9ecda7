import { BedrockGuardrailProfile } from './bedrock-guardrail-profile';

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

  /**
   * The guardrail profile that the guardrail was made with. Without it, a guardrail that works across Regions cannot be applied.
   *
   * @default - the guardrail works in its own Region
   */
  readonly profile?: BedrockGuardrailProfile;
}
