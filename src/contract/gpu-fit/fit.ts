import { GpuInstance, instancesByPrice } from './gpu-instance';
import { FitDemand, GIB, limitBytes, neededBytes, tensorParallel, tokensWithRoom } from './memory';
import { ModelSize } from './model-size';
import { GPU_FIT } from '../data';

/** Why a model does not fit an instance, as a sentence without its full stop; undefined where it fits. */
export function findMisfit(size: ModelSize, demand: FitDemand, instance: GpuInstance): string | undefined {
  return findWrongGpu(size, demand, instance) ?? findSmallHost(size, instance) ?? findSmallGpu(size, demand, instance);
}

/** The cheapest instance that the model fits. */
export function tryCheapestInstance(size: ModelSize, demand: FitDemand): GpuInstance | undefined {
  return fittingInstances(size, demand)[0];
}

/** Every known instance that the model fits, the cheapest first. */
export function fittingInstances(size: ModelSize, demand: FitDemand): GpuInstance[] {
  return instancesByPrice().filter(instance => findMisfit(size, demand, instance) === undefined);
}

/** The longest context with which a model of text fits the instance, as far as the model goes; undefined where it fits with none. */
export function tryLongestContext(size: ModelSize, demand: FitDemand, instance: GpuInstance): number | undefined {
  if (!size.text || findWrongGpu(size, demand, instance) || findSmallHost(size, instance)) return undefined;
  const tokens = Math.min(size.text.contextTokens, tokensWithRoom(size, demand, instance));
  return tokens > 0 ? tokens : undefined;
}

function findWrongGpu({ precision }: ModelSize, { server }: FitDemand, { gpu, computeCapability }: GpuInstance): string | undefined {
  const { title, computeCapability: ofServer } = GPU_FIT.servers[server];
  const has = `the ${gpu} has ${computeCapability}`;
  if (precision === 'bf16' && computeCapability < GPU_FIT.computeCapabilityOfBf16) {
    return `the model computes in bf16, for which a GPU needs compute capability ${GPU_FIT.computeCapabilityOfBf16}; ${has}`;
  }
  return computeCapability < ofServer ? `${title} needs a GPU of compute capability ${ofServer}; ${has}` : undefined;
}

function findSmallHost({ weightsBytes }: ModelSize, { memoryGiB }: GpuInstance): string | undefined {
  const needed = weightsBytes / GIB + GPU_FIT.hostReserveGiB;
  if (needed <= memoryGiB) return undefined;
  return `the host has ${memoryGiB} GiB of memory, and the weights pass through it: they need ${needed.toFixed(1)} GiB with the system`;
}

function findSmallGpu(size: ModelSize, demand: FitDemand, instance: GpuInstance): string | undefined {
  const [needed, limit] = [neededBytes(size, demand, instance.gpus), limitBytes(demand.server, instance)].map(bytes => bytes / GIB);
  if (needed <= limit) return undefined;
  const { title } = GPU_FIT.servers[demand.server];
  const need = `${spread(size, instance)} needs ${needed.toFixed(1)} GiB${atContext(size, demand)}`;
  return `${need}, and ${title} has ${limit.toFixed(1)} GiB there`;
}

function spread(size: ModelSize, { gpu, gpus }: GpuInstance): string {
  const parallel = tensorParallel(size, gpus);
  if (gpus === 1) return `the ${gpu}`;
  return parallel === 1 ? `one of the ${gpus} ${gpu}, for the heads of the model do not divide by 2,` : `each of ${parallel} ${gpu}`;
}

function atContext({ text }: ModelSize, { contextTokens }: FitDemand): string {
  return text ? ` at a context of ${contextTokens ?? text.contextTokens} tokens` : '';
}
