import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import fc from 'fast-check';
import { fitTables, runFigures } from './support/fit-tables';
import { GPU_FIT, GPU_INSTANCES } from '../../src/contract/data';
import { findMisfit, fittingInstances, tryLongestContext, tryCheapestInstance } from '../../src/contract/gpu-fit/fit';
import { GpuInstance, gpusOf, instancesByPrice, tryGpuInstance } from '../../src/contract/gpu-fit/gpu-instance';
import { FitDemand, keyValueBytes, neededBytes, GIB, tensorParallel, tokensWithRoom } from '../../src/contract/gpu-fit/memory';
import { ModelSize, tryModelSize } from '../../src/contract/gpu-fit/model-size';

/* The figures of ../shared/SAGEMAKER.md once more, written down by hand. */
type ModelName = keyof typeof GPU_FIT.models;
const sizeOf = (name: ModelName): ModelSize => GPU_FIT.models[name].size;
const on = (type: string) => tryGpuInstance(type)!;
const VLLM: FitDemand = { server: 'vllm' };

test.each<[ModelName, number, number | undefined]>([
  ['falcon-7b', 13.44, 8],
  ['mistral-7b', 13.49, 128],
  ['llama-3.1-8b', 14.96, 128],
  ['qwen2.5-7b', 14.19, 56],
  ['qwen2.5-32b', 61.03, 256],
  ['llama-3.3-70b', 131.42, 320],
  ['stable-diffusion-2', 4.66, undefined],
  ['sdxl', 6.46, undefined],
])('%s has %d GiB of weights and %s KiB of KV cache a token', (name, weightsGiB, kib) => {
  const { weightsBytes, text } = sizeOf(name);
  expect(weightsBytes / GIB).toBeCloseTo(weightsGiB, 2);
  expect(text && keyValueBytes(text) / 1024).toBe(kib);
});

test.each<[ModelName, string, number]>([
  ['falcon-7b', 'ml.g5.2xlarge', 2],
  ['mistral-7b', 'ml.g5.2xlarge', 40],
  ['llama-3.1-8b', 'ml.g5.2xlarge', 28],
  ['llama-3.1-8b', 'ml.g5.12xlarge', 131],
  ['qwen2.5-7b', 'ml.g5.2xlarge', 32],
  ['qwen2.5-32b', 'ml.g5.12xlarge', 32],
  ['llama-3.3-70b', 'ml.g6e.12xlarge', 75],
  ['llama-3.3-70b', 'ml.g5.48xlarge', 53],
  ['llama-3.3-70b', 'ml.p4d.24xlarge', 131],
  ['llama-3.3-70b', 'ml.p5.48xlarge', 131],
])('vLLM has room for %s on %s at %dk tokens', (name, type, thousands) => {
  const tokens = name === 'mistral-7b' ? tokensWithRoom(sizeOf(name), VLLM, on(type)) : tryLongestContext(sizeOf(name), VLLM, on(type))!;
  expect(Math.floor(tokens / 1000)).toBe(thousands);
});

/* The last one is what the table of ../shared/SAGEMAKER.md says. The g6 beside it is as large and cheaper. What the table has of the two
   image models JumpStart lists; the smaller hosts of the same GPU, or of its twin, have room for them too. */
test.each<[ModelName, string, string]>([
  ['falcon-7b', 'ml.g6.2xlarge', 'ml.g5.2xlarge'],
  ['mistral-7b', 'ml.g6.2xlarge', 'ml.g5.2xlarge'],
  ['llama-3.1-8b', 'ml.g6.2xlarge', 'ml.g5.2xlarge'],
  ['qwen2.5-7b', 'ml.g6.2xlarge', 'ml.g5.2xlarge'],
  ['qwen2.5-32b', 'ml.g6.12xlarge', 'ml.g5.12xlarge'],
  ['llama-3.3-70b', 'ml.g6e.12xlarge', 'ml.g6e.12xlarge'],
  ['stable-diffusion-2', 'ml.g4dn.xlarge', 'ml.g4dn.4xlarge'],
  ['sdxl', 'ml.g6.xlarge', 'ml.g5.2xlarge'],
])('the cheapest instance for %s is %s, with GPUs like those of %s', (name, type, known) => {
  const demand: FitDemand = sizeOf(name).text ? { ...VLLM, contextTokens: 2048 } : { server: 'diffusers' };
  const memory = ({ gpu, gpus }: GpuInstance) => gpus * GPU_INSTANCES.gpus[gpu as keyof typeof GPU_INSTANCES.gpus].memoryMiB;
  expect(tryCheapestInstance(sizeOf(name), demand)?.type).toBe(type);
  expect(findMisfit(sizeOf(name), demand, on(known))).toBeUndefined();
  expect(memory(on(type))).toBe(memory(on(known)));
  expect(on(type).pricePerHour!).toBeLessThanOrEqual(on(known).pricePerHour!);
});

test('instances stand by their price; what has none comes last, the smallest first', () => {
  const instances = instancesByPrice();
  const prices = instances.map(({ pricePerHour }) => pricePerHour);
  const known = prices.filter(price => price !== undefined);
  expect(prices.slice(0, known.length)).toEqual([...known].sort((a, b) => a - b));
  expect(instances.slice(known.length).map(({ type }) => type)).toEqual(
    ['ml.p3.2xlarge', 'ml.p3.8xlarge', 'ml.p3.16xlarge', 'ml.p5e.48xlarge', 'ml.p5en.48xlarge'],
  );
  expect(instances).toHaveLength(Object.keys(GPU_INSTANCES.instances).length);
});

test.each<[ModelName, string]>([['stable-diffusion-2', 'ml.g4dn.4xlarge'], ['sdxl', 'ml.g5.2xlarge']])('%s fits %s', (name, type) => {
  expect(findMisfit(sizeOf(name), { server: 'diffusers' }, on(type))).toBeUndefined();
});

test('SDXL fits no T4, and no V100 of 16 GiB', () => {
  for (const type of ['ml.g4dn.12xlarge', 'ml.p3.2xlarge']) {
    expect(findMisfit(sizeOf('sdxl'), { server: 'diffusers' }, on(type))).toMatch(/needs 16\.6 GiB/);
  }
});

describe('Text Generation Inference', () => {
  test.each([
    ['A10G', 4, 16_384, 32_768, 17.5], ['A10G', 8, 20_480, 40_960, 18.2], ['A10G', 8, 32_768, 65_536, 27.4], ['A10G', 1, 4096, 8192, 18.9],
  ] as const)('needs for Llama 3.1 8B on %s × %d, with %d of %d tokens, %d GiB', (gpu, gpus, inputTokens, totalTokens, gib) => {
    const run = GPU_FIT.publishedRuns.find(one => one.gpus === gpus && one.inputTokens === inputTokens);
    expect(run).toMatchObject({ gpu, totalTokens });
    expect(runFigures(run!)[0]).toBeCloseTo(gib, 1);
  });

  test('needs 14.7 GiB for Falcon-7B, more than a T4 has', () => {
    const demand: FitDemand = { server: 'tgi', inputTokens: 1024, contextTokens: 2048 };
    expect(neededBytes(sizeOf('falcon-7b'), demand, 1) / GIB).toBeCloseTo(14.7, 1);
    expect(neededBytes(sizeOf('falcon-7b'), demand, 1) / GIB).toBeGreaterThan(GPU_INSTANCES.gpus.T4.usableGiB);
  });

  test('has room for 35.4k tokens of a model of 70B on two A100 of 80 GB with prompts of 10,000', () => {
    const demand: FitDemand = { server: 'tgi', inputTokens: 10_000 };
    expect(tokensWithRoom(sizeOf('llama-3.3-70b'), demand, gpusOf('A100-80', 2)) / 1000).toBeCloseTo(35.4, 1);
  });
});

describe('tensor parallelism', () => {
  test.each<[ModelName, number, number]>([
    ['falcon-7b', 8, 1], ['llama-3.1-8b', 8, 8], ['qwen2.5-7b', 8, 4], ['qwen2.5-7b', 4, 4], ['qwen2.5-32b', 8, 8], ['llama-3.3-70b', 4, 4],
    ['sdxl', 4, 1],
  ])('spreads %s on %d GPUs over %d', (name, gpus, parallel) => {
    expect(tensorParallel(sizeOf(name), gpus)).toBe(parallel);
  });

  test('leaves Falcon no better off on four GPUs than on one', () => {
    expect(neededBytes(sizeOf('falcon-7b'), VLLM, 4)).toBe(neededBytes(sizeOf('falcon-7b'), VLLM, 1));
  });
});

test.each<[ModelName, string, RegExp]>([
  ['falcon-7b', 'ml.g4dn.12xlarge', /compute capability 8; the T4 has 7\.5/],
  ['mistral-7b', 'ml.p3.16xlarge', /compute capability 8; the V100 has 7$/],
  ['llama-3.1-8b', 'ml.g5.xlarge', /host has 16 GiB[^]*need 19\.0 GiB/],
  ['llama-3.3-70b', 'ml.g5.12xlarge', /each of 4 A10G needs [\d.]+ GiB at a context of 131072 tokens, and vLLM has 20\.0 GiB/],
])('%s on %s: the reason is told', (name, type, reason) => {
  expect(findMisfit(sizeOf(name), VLLM, on(type))).toMatch(reason);
});

describe('for every model and instance', () => {
  const model = fc.constantFrom(...Object.values(GPU_FIT.models).map(({ size }) => size as ModelSize).filter(({ text }) => text));
  const instance = fc.constantFrom(...instancesByPrice());
  const server = fc.constantFrom('vllm' as const, 'tgi' as const);

  test('the longest context fits, and one token more does not', () => {
    const prompt = fc.option(fc.integer({ min: 1, max: 4096 }), { nil: undefined });
    fc.assert(fc.property(model, instance, server, prompt, (size, type, by, inputTokens) => {
      const demand = { server: by, inputTokens };
      const longest = tryLongestContext(size, demand, type);
      if (longest === undefined) return findMisfit(size, { ...demand, contextTokens: 1 }, type) !== undefined;
      const fits = (contextTokens: number) => findMisfit(size, { ...demand, contextTokens }, type) === undefined;
      return fits(longest) && (longest === size.text!.contextTokens || !fits(longest + 1));
    }));
  });

  test('a longer context never fits where a shorter one does not', () => {
    const context = fc.integer({ min: 1, max: 200_000 });
    fc.assert(fc.property(model, server, context, context, (size, by, one, other) => {
      const [short, long] = [one, other].sort((a, b) => a - b)
        .map(contextTokens => fittingInstances(size, { server: by, contextTokens }).map(({ type }) => type));
      return long.every(type => short.includes(type));
    }));
  });
});

test('a size is found by any of its ids, and no other', () => {
  expect(tryModelSize('Qwen/Qwen2.5-7B')).toBe(tryModelSize('Qwen/Qwen2.5-7B-Instruct'));
  expect(['constructor', '', 'falcon-7b', 'qwen/qwen2.5-7b'].map(tryModelSize)).toEqual([undefined, undefined, undefined, undefined]);
  expect(['constructor', '', 'g5.xlarge'].map(tryGpuInstance)).toEqual([undefined, undefined, undefined]);
});

test('docs/sagemaker.md holds these predictions; PLUMBLINE_UPDATE_DOCS=1 writes them', () => {
  const file = join(__dirname, '..', '..', 'docs', 'sagemaker.md');
  const text = readFileSync(file, 'utf8');
  const section = /(<!-- fit: begin -->\n)[^]*?(\n<!-- fit: end -->)/;
  const current = text.replace(section, (_match, begin: string, end: string) => `${begin}${fitTables()}${end}`);
  expect(text).toMatch(section);
  if (process.env.PLUMBLINE_UPDATE_DOCS) writeFileSync(file, current);
  else expect(text).toBe(current);
});
