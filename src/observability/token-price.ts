/** What tokens of a model cost you. */
export interface TokenPrice {
  /** The model, as callers name it: an id, an inference profile, or an ARN. */
  readonly model: string;

  /** USD for a million tokens of the input that are read anew. */
  readonly input: number;

  /** USD for a million tokens of the output. */
  readonly output: number;

  /**
   * USD for a million tokens of the input that come from the prompt cache.
   *
   * @default - as `input`
   */
  readonly cacheRead?: number;

  /**
   * USD for a million tokens of the input that are written into the prompt cache.
   *
   * @default - as `input`
   */
  readonly cacheWrite?: number;
}
