import { GPU_INSTANCES, INSTANCE_PRICES } from '../data';

/** The GPUs that a model is spread over. */
export interface Gpus {
  readonly gpu: string;
  readonly gpus: number;
  /** Of one GPU. */
  readonly usableGiB: number;
  readonly computeCapability: number;
}

/** An instance type of SageMaker with its GPUs. */
export interface GpuInstance extends Gpus {
  readonly type: string;
  /** Of the host. */
  readonly memoryGiB: number;
  readonly vcpus: number;
  readonly localStorage: boolean;
  /** On demand, in the currency and Region of the contract's prices; undefined where nobody knows it. */
  readonly pricePerHour?: number;
}

const PER_HOUR: Readonly<Record<string, number>> = INSTANCE_PRICES.perHour;

type GpuName = keyof typeof GPU_INSTANCES.gpus;

/** Some GPUs of one kind, on whatever host. */
export function gpusOf(gpu: GpuName, gpus: number): Gpus {
  const { usableGiB, computeCapability } = GPU_INSTANCES.gpus[gpu];
  return { gpu, gpus, usableGiB, computeCapability };
}

/**
 * Every instance type that the contract knows, the cheapest first. Those of one price, and those whose price nobody knows, which come last,
 * stand by the memory of all their GPUs, then by the number of these, then by their host.
 */
export function instancesByPrice(): readonly GpuInstance[] {
  const ofAll = ({ gpu, gpus }: GpuInstance): number => gpus * GPU_INSTANCES.gpus[gpu as GpuName].memoryMiB;
  return Object.keys(GPU_INSTANCES.instances).map(type => tryGpuInstance(type)!)
    .sort((a, b) => comparePrices(a, b) || ofAll(a) - ofAll(b) || a.gpus - b.gpus || a.memoryGiB - b.memoryGiB);
}

export function tryGpuInstance(type: string): GpuInstance | undefined {
  if (!Object.hasOwn(GPU_INSTANCES.instances, type)) return undefined;
  const { gpu, gpus, ...host } = GPU_INSTANCES.instances[type as keyof typeof GPU_INSTANCES.instances];
  return { type, ...gpusOf(gpu, gpus), ...host, pricePerHour: tryPricePerHour(type) };
}

/** Of one instance, on demand; undefined for a type whose price nobody knows. */
export function tryPricePerHour(type: string): number | undefined {
  return Object.hasOwn(PER_HOUR, type) ? PER_HOUR[type] : undefined;
}

function comparePrices({ pricePerHour: one }: GpuInstance, { pricePerHour: other }: GpuInstance): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return one - other;
}
