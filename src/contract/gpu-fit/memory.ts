import { Gpus } from './gpu-instance';
import { ModelSize, TextModelSize } from './model-size';
import { GPU_FIT } from '../data';

/** What runs the model, by the way it uses memory. */
export type FitServer = keyof typeof GPU_FIT.servers;

/** What is asked of a model. */
export interface FitDemand {
  readonly server: FitServer;
  /** Tokens of a prompt and its answer together; by itself the longest context of the model. */
  readonly contextTokens?: number;
  /** Tokens of a prompt alone; by itself the whole context. */
  readonly inputTokens?: number;
}

export const GIB = 2 ** 30;

/** Of one token, on all GPUs together. */
export function keyValueBytes({ layers, keyValueHeads, headSize }: TextModelSize): number {
  return 2 * layers * keyValueHeads * headSize * GPU_FIT.keyValueBytes;
}

/**
 * Over how many of the GPUs the model can be spread: the most, by powers of two, by which its heads divide. More GPUs than key-value heads
 * keep copies of them.
 */
export function tensorParallel({ text }: ModelSize, gpus: number): number {
  if (!text) return 1;
  const { attentionHeads, keyValueHeads } = text;
  let most = 1;
  for (let count = 2; count <= gpus; count *= 2) {
    if (attentionHeads % count === 0 && (keyValueHeads % count === 0 || count % keyValueHeads === 0)) most = count;
  }
  return most;
}

/** What one GPU holds of the model, in bytes. */
export function neededBytes(size: ModelSize, demand: FitDemand, gpus: number): number {
  const tokens = demand.contextTokens ?? size.text?.contextTokens ?? 0;
  return fixedBytes(size, demand, gpus) + tokens * bytesPerToken(size, demand, gpus);
}

/** What the server may take of one GPU, in bytes. */
export function limitBytes(server: FitServer, { usableGiB }: Gpus): number {
  return GPU_FIT.servers[server].memoryShare * usableGiB * GIB;
}

/** How long a context the memory has room for, whatever the model was made for; negative where not even the weights fit. */
export function tokensWithRoom(size: ModelSize, demand: FitDemand, gpus: Gpus): number {
  const room = limitBytes(demand.server, gpus) - fixedBytes(size, demand, gpus.gpus);
  return Math.floor(room / bytesPerToken(size, demand, gpus.gpus));
}

/** Whatever the context: the weights, and what the server keeps free. */
function fixedBytes(size: ModelSize, { server, inputTokens }: FitDemand, gpus: number): number {
  const reserve = GPU_FIT.servers[server].reserveGiB * GIB;
  const weights = (size.peakBytes ?? size.weightsBytes) / tensorParallel(size, gpus);
  const { extraInputTokens } = GPU_FIT.servers.tgi;
  return weights + reserve + (extraInputTokens + (inputTokens ?? 0)) * warmUpBytes(size, server, gpus);
}

function bytesPerToken(size: ModelSize, { server, inputTokens }: FitDemand, gpus: number): number {
  if (!size.text) return 0;
  const cache = keyValueBytes(size.text) / Math.min(tensorParallel(size, gpus), size.text.keyValueHeads);
  return inputTokens === undefined ? cache + warmUpBytes(size, server, gpus) : cache;
}

/** Text Generation Inference asks for a probability of each word at each token of its longest prompt when it starts. */
function warmUpBytes({ text, ...size }: ModelSize, server: FitServer, gpus: number): number {
  if (!text || server !== 'tgi') return 0;
  const { oneGpu, inParallel } = GPU_FIT.servers.tgi.bytesPerVocabularyEntry;
  return text.vocabulary * (tensorParallel({ text, ...size }, gpus) === 1 ? oneGpu : inParallel);
}
