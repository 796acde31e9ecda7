import { GPU_FIT } from '../data';

export type Precision = 'bf16' | 'fp16' | 'fp32';

/** What the memory that a model needs depends on. */
export interface ModelSize {
  readonly precision: Precision;
  readonly weightsBytes: number;
  /** The most that is allocated at once, weights included, where somebody has measured it. */
  readonly peakBytes?: number;
  /** Of a model that writes text, which keeps a KV cache. */
  readonly text?: TextModelSize;
}

export interface TextModelSize {
  readonly layers: number;
  readonly attentionHeads: number;
  /** Fewer than the attention heads where several queries share a key. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly vocabulary: number;
  /** The longest context that the model was made for. */
  readonly contextTokens: number;
}

interface KnownModel {
  readonly ids: readonly string[];
  readonly size: ModelSize;
}

/** The size of a model by its id in JumpStart or in Hugging Face, where the contract knows it. */
export function tryModelSize(id: string): ModelSize | undefined {
  const models: readonly KnownModel[] = Object.values(GPU_FIT.models);
  return models.find(({ ids }) => ids.includes(id))?.size;
}
