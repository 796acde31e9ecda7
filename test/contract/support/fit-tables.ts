import { table } from '../../../build-tools/table';
import { GPU_FIT, GPU_INSTANCES, INSTANCE_PRICES } from '../../../src/contract/data';
import { findMisfit, tryCheapestInstance } from '../../../src/contract/gpu-fit/fit';
import { GpuInstance, gpusOf, tryGpuInstance } from '../../../src/contract/gpu-fit/gpu-instance';
import { FitDemand, GIB, keyValueBytes, limitBytes, neededBytes, tokensWithRoom } from '../../../src/contract/gpu-fit/memory';
import { ModelSize } from '../../../src/contract/gpu-fit/model-size';

/** A context that a short conversation needs: what a model is tried with on the instances that its publisher lists. */
const CONVERSATION = 4096;

interface FitModel {
  readonly title: string;
  readonly size: ModelSize;
  readonly published: { readonly instanceTypes: readonly string[]; readonly remark: string };
}

const MODELS: readonly FitModel[] = Object.values(GPU_FIT.models);

/** The tables of docs/sagemaker.md. */
export const fitTables = (): string => [
  modelTable(), `Text Generation Inference, on what others have published of it:\n\n${runTable()}`, `GPUs:\n\n${gpuTable()}`, priceTable(),
].join('\n\n');

/** Predicted against published, of each model. */
function modelTable(): string {
  return table(
    [
      'model', 'weights GiB', 'KV KiB a token', 'cheapest for 4,096 tokens', 'cheapest for its context', 'listed by JumpStart',
      'tokens there', 'verdict',
    ],
    MODELS.map(({ title, size, published: { instanceTypes, remark } }) => [
      `${title}, ${size.precision}`,
      (size.weightsBytes / GIB).toFixed(2),
      size.text ? keyValueBytes(size.text) / 1024 : '–',
      cheapest(size, demandOf(size, CONVERSATION))?.type ?? 'none',
      cheapest(size, demandOf(size))?.type ?? 'none',
      instanceTypes[0],
      size.text ? counted(Math.min(size.text.contextTokens, roomOn(size, instanceTypes[0]))) : '–',
      [verdict({ size, instanceTypes }), remark].filter(part => part !== '').join(' '),
    ]),
  );
}

function demandOf({ text }: ModelSize, contextTokens?: number): FitDemand {
  if (!text) return { server: 'diffusers' };
  return { server: 'vllm', contextTokens: contextTokens && Math.min(contextTokens, text.contextTokens) };
}

const cheapest = tryCheapestInstance;

const roomOn = (size: ModelSize, type: string): number => tokensWithRoom(size, demandOf(size), tryGpuInstance(type)!);

/** Agreement is that all which is listed fits, and that the cheapest that fits is listed, or a type with as much memory. */
function verdict({ size, instanceTypes }: { size: ModelSize; instanceTypes: readonly string[] }): string {
  const demand = demandOf(size, CONVERSATION);
  const refused = instanceTypes.filter(type => findMisfit(size, demand, tryGpuInstance(type)!) !== undefined);
  if (refused.length > 0) return `**disagrees**: ${refused.join(', ')} refused.`;
  const found = cheapest(size, demand)!;
  if (instanceTypes.includes(found.type)) return 'agrees.';
  const twin = instanceTypes.find(type => isTwin(tryGpuInstance(type)!, found));
  return twin === undefined ? '**cheaper than listed.**' : `agrees: ${twin} has the same memory.`;
}

function isTwin(one: GpuInstance, other: GpuInstance): boolean {
  const memory = ({ gpu, gpus, memoryGiB }: GpuInstance): string =>
    [gpus, GPU_INSTANCES.gpus[gpu as keyof typeof GPU_INSTANCES.gpus].memoryMiB, memoryGiB].join();
  return memory(one) === memory(other);
}

function runTable(): string {
  return table(
    ['model', 'GPUs', 'prompt', 'context', 'predicted GiB', 'of', 'predicted', 'published', 'verdict'],
    GPU_FIT.publishedRuns.map(({ model, gpu, gpus, inputTokens, totalTokens, outcome, url, remark }) => {
      const [needed, limit] = runFigures({ model, gpu, gpus, inputTokens, totalTokens });
      const predicted = needed <= limit ? 'runs' : 'fails';
      return [
        GPU_FIT.models[model].title, `${gpus} × ${gpu}`, counted(inputTokens), counted(totalTokens), needed.toFixed(1), limit.toFixed(1),
        predicted, `[${outcome}](${url})`, predicted === outcome ? 'agrees' : `**disagrees.** ${remark}`,
      ];
    }),
  );
}

type PublishedRun = typeof GPU_FIT.publishedRuns[number];

/** What one GPU needs and has, in GiB. */
export function runFigures(
  { model, gpu, gpus, inputTokens, totalTokens }: Pick<PublishedRun, 'model' | 'gpu' | 'gpus' | 'inputTokens' | 'totalTokens'>,
): [number, number] {
  const demand: FitDemand = { server: 'tgi', inputTokens, contextTokens: totalTokens };
  return [neededBytes(GPU_FIT.models[model].size, demand, gpus) / GIB, limitBytes('tgi', gpusOf(gpu, gpus)) / GIB];
}

function gpuTable(): string {
  return table(['GPU', 'MiB by EC2', 'usable GiB', 'compute capability', 'instance types'], Object.entries(GPU_INSTANCES.gpus).map(
    ([name, { memoryMiB, usableGiB, usable, computeCapability }]) => [
      name, memoryMiB, `${usableGiB}${usable === 'estimated' ? ' (estimated)' : ''}`, computeCapability, familiesOf(name),
    ],
  ));
}

function familiesOf(gpu: string): string {
  const types = Object.entries(GPU_INSTANCES.instances).filter(([, instance]) => instance.gpu === gpu).map(([type]) => type);
  return [...new Set(types.map(type => type.split('.')[1]))].join(', ');
}

/** Of each family, all sizes. */
function priceTable(): string {
  const { currency, region, pricedOn, perHour, unpriced } = INSTANCE_PRICES;
  const families = [...new Set(Object.keys(perHour).map(type => type.split('.')[1]))];
  const sizes = (family: string): string => Object.entries(perHour).filter(([type]) => type.split('.')[1] === family)
    .map(([type, price]) => `${type.split('.')[2]} ${price}`).join(', ');
  return `${currency} an hour of one instance, in ${region} on ${pricedOn}:\n\n`
    + `${table(['family', 'sizes'], families.map(family => [family, sizes(family)]))}\n\n`
    + `Without a price:\n\n${Object.entries(unpriced).map(([type, why]) => `- ${type}: ${why}.`).join('\n')}`;
}

const counted = (tokens: number): string => tokens.toLocaleString('en-US');
