/**
 * How fast, and for which price, Bedrock serves a request.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
 */
export enum BedrockServiceTier {
  /** Capacity that the account has reserved. */
  RESERVED = 'reserved',
  /** Served first, for a higher price. */
  PRIORITY = 'priority',
  /** What a request gets that names no tier. */
  DEFAULT = 'default',
  /** Served when there is room, for a lower price. */
  FLEX = 'flex',
}
