import { GPU_INSTANCES } from '../data';

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
}

type GpuName = keyof typeof GPU_INSTANCES.gpus;

/** Some GPUs of one kind, on whatever host. */
export function gpusOf(gpu: GpuName, gpus: number): Gpus {
  const { usableGiB, computeCapability } = GPU_INSTANCES.gpus[gpu];
  return { gpu, gpus, usableGiB, computeCapability };
}

/** Every instance type that the contract knows, the smallest first: by the memory of all its GPUs, then their number, then its host. */
export function instancesBySize(): readonly GpuInstance[] {
  const ofAll = ({ gpu, gpus }: GpuInstance): number => gpus * GPU_INSTANCES.gpus[gpu as GpuName].memoryMiB;
  return Object.keys(GPU_INSTANCES.instances).map(type => tryGpuInstance(type)!)
    .sort((a, b) => ofAll(a) - ofAll(b) || a.gpus - b.gpus || a.memoryGiB - b.memoryGiB);
}

export function tryGpuInstance(type: string): GpuInstance | undefined {
  if (!Object.hasOwn(GPU_INSTANCES.instances, type)) return undefined;
  const { gpu, gpus, ...host } = GPU_INSTANCES.instances[type as keyof typeof GPU_INSTANCES.instances];
  return { type, ...gpusOf(gpu, gpus), ...host };
}
