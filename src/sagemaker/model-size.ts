import { Size } from 'aws-cdk-lib';

/** The type of the numbers that a model computes with. */
export enum ModelPrecision {
  /** 16 bits with the range of 32; needs a GPU of compute capability 8, which T4 and V100 are not. */
  BF16 = 'bf16',
  /** 16 bits. */
  FP16 = 'fp16',
  /** 32 bits. */
  FP32 = 'fp32',
}

/**
 * How large a model is, so that the synth can say whether it fits an instance. The weights are the `total_size` in the model's
 * `model.safetensors.index.json`; the other figures stand in its `config.json`.
 *
 * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md
 */
export interface GenAiModelSize {
  /** All weights together. */
  readonly weights: Size;

  /**
   * The type of the numbers.
   *
   * @default ModelPrecision.BF16
   */
  readonly precision?: ModelPrecision;

  /**
   * The most memory that the model allocates at once, weights included: for models that make images.
   *
   * @default - the weights
   */
  readonly peak?: Size;

  /**
   * Layers, `num_hidden_layers`. Of a model of text give this and the next five together.
   *
   * @default - no KV cache is counted
   */
  readonly layers?: number;

  /**
   * Attention heads, `num_attention_heads`.
   *
   * @default - see `layers`
   */
  readonly attentionHeads?: number;

  /**
   * Key-value heads, `num_key_value_heads`; as many as attention heads where the file has none.
   *
   * @default - see `layers`
   */
  readonly keyValueHeads?: number;

  /**
   * Size of a head, `head_dim`; where the file has none, `hidden_size` divided by the attention heads.
   *
   * @default - see `layers`
   */
  readonly headSize?: number;

  /**
   * Words of the vocabulary, `vocab_size`.
   *
   * @default - see `layers`
   */
  readonly vocabulary?: number;

  /**
   * The longest context in tokens, `max_position_embeddings`.
   *
   * @default - see `layers`
   */
  readonly contextTokens?: number;
}
