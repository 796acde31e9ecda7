import { Annotations as Acknowledgements, CfnParameter, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { FALCON, stackWith, STABLE_DIFFUSION } from './support/endpoint-stack';
import { asynchronous, endpointOf } from './support/operated-endpoint';
import { SAGEMAKER_MODELS } from '../../src/contract/data';
import { findMisfit } from '../../src/contract/gpu-fit/fit';
import { instancesByPrice, tryGpuInstance } from '../../src/contract/gpu-fit/gpu-instance';
import { tryModelSize } from '../../src/contract/gpu-fit/model-size';
import { GenAiEndpointProps, GenAiModel, Inference } from '../../src/sagemaker';

const on = (instanceType: string, model = GenAiModel.jumpStart(FALCON, '4.6.16')) => stackWith({ model, instanceType });
type Make = (stack: Stack) => Partial<GenAiEndpointProps>;
const warningsOf = (instanceType: string): string[] =>
  Annotations.fromStack(on(instanceType).stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

describe('an instance type', () => {
  test.each(['ml.g4dn.xlarge', 'ml.g4dn.4xlarge', 'ml.g4dn.12xlarge', 'ml.p3.2xlarge'])('%s cannot compute in bf16', type => {
    expect(() => on(type)).toThrow(
      /^\[Stack\/Falcon\] hugg.*4\.6\.16 does not fit ml\.[\w.]+: the model computes in bf16[^]*fix: +instanceType: 'ml\.g5\.2xlarge'$/,
    );
  });

  test('whose host is too small is refused with the cheapest that is large enough, of those that JumpStart lists', () => {
    expect(() => on('ml.g5.xlarge'))
      .toThrow(/the host has 16 GiB[^]*allowed: ml\.g5\.2xlarge \(1 × A10G, 22\.2 GiB, 1\.52 USD an hour\), ml\.g5\.4xlarge/);
  });

  test('is refused with the cheapest of all where nobody lists any', () => {
    const qwen = GenAiModel.huggingFace('Qwen/Qwen2.5-32B', { revision: 'a'.repeat(40) });
    expect(() => on('ml.g5.2xlarge', qwen))
      .toThrow(/allowed: ml\.g6\.12xlarge[^]*, ml\.g5\.12xlarge[^]*fix: +instanceType: 'ml\.g6\.12xlarge'/);
  });

  test.each(['ml.m5.xlarge', 'ml.c6i.2xlarge', 'ml.t2.medium', 'ml.inf2.xlarge', 'ml.trn1.2xlarge', 'ml.', 'ml.r5d.large'])(
    '%s has no GPU', type => {
      expect(() => on(type)).toThrow(/runs on a GPU, and this instance type has none\.\n +given: +"ml\..*\n +allowed: ml\.g5\.2xlarge/);
    },
  );

  test.each([
    ['g5.4xlarge', 'ml.g5.4xlarge'], ['', 'ml.g5.2xlarge'], ['large', 'ml.g5.2xlarge'],
  ])('%j is no name of SageMaker\'s', (type, fix) => {
    expect(() => on(type)).toThrow(new RegExp(`begin with "ml\\."[^]*fix: +instanceType: '${fix}'`));
  });

  test('whose GPU the contract does not know is taken with a warning', () => {
    expect(warningsOf('ml.g9.2xlarge')).toEqual([expect.stringMatching(/fits ml\.g9\.2xlarge is not checked.*instanceTypeUnknown/)]);
  });

  test('that fits and is listed is no news', () => {
    expect(warningsOf('ml.g5.16xlarge')).toEqual([]);
  });

  test('that fits and is not listed is taken with a warning, and every other one is refused', () => {
    const listed: readonly string[] = SAGEMAKER_MODELS.models[FALCON].instanceTypes;
    const demand = { server: 'tgi' as const, inputTokens: 1024, contextTokens: 2048 };
    for (const instance of instancesByPrice().filter(({ type }) => !listed.includes(type))) {
      if (findMisfit(tryModelSize(FALCON)!, demand, instance)) expect(() => on(instance.type)).toThrow(/does not fit/);
      else expect(warningsOf(instance.type)).toEqual([expect.stringMatching(/does not list.*instanceTypeNotListed/)]);
    }
  });
});

describe('the cost of an hour', () => {
  const costsOf = (props: Make, acknowledge = (_stack: Stack): void => undefined): string[] => {
    const { stack } = endpointOf(props);
    acknowledge(stack);
    return Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('endpointCost')).map(({ entry }) => String(entry.data));
  };
  const lateNumber = (stack: Stack): number => new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const [start, stop] = ['7', '19'].map(hour => Schedule.cron({ hour, minute: '0' }));

  test.each<[string, Make, string]>([
    ['one instance', () => ({}), 'costs 1.52 USD: 1 × ml.g5.2xlarge at 1.52 USD each'],
    ['several', () => ({ inference: Inference.realtime({ initialInstanceCount: 3 }) }), 'costs 4.56 USD: 3 × ml.g5.2xlarge at 1.52'],
    ['scaled ones', () => ({ scaling: { minInstances: 2, maxInstances: 4 } }), 'from 3.04 to 6.08 USD: 2 to 4 × ml.g5.2xlarge at 1.52'],
    ['asynchronous ones', stack => ({ inference: asynchronous(stack), scaling: { maxInstances: 4 } }), 'from 0.00 to 6.08 USD: 0 to 4 × '],
    ['stopped ones', stack => ({ inference: asynchronous(stack), schedule: { start, stop } }), 'from 0.00 to 1.52 USD: 0 to 1 × '],
    ['a lazy type', () => ({ instanceType: Lazy.string({ produce: () => 'ml.g5.4xlarge' }) }), 'costs 2.03 USD: 1 × ml.g5.4xlarge'],
    ['a late number', stack => ({ inference: Inference.realtime({ initialInstanceCount: lateNumber(stack) }) }),
      'costs as many instances of ml.g5.2xlarge as run then, at 1.52 USD each'],
    ['a type without a price', () => ({ instanceType: 'ml.p5e.48xlarge' }), 'does not know: nobody whom we found says'],
    ['a type that the contract does not know', () => ({ instanceType: 'ml.g9.2xlarge' }), 'does not know: its contract has no price'],
    ['a price of one\'s own', () => ({ pricePerHour: 2 }), 'costs 2.00 USD: 1 × ml.g5.2xlarge at 2 USD each. The price is your own'],
    ['a price for a type without one', () => ({ instanceType: 'ml.p5e.48xlarge', pricePerHour: 80.5 }), 'costs 80.50 USD: 1 × ml.p5e'],
  ])('of %s is told at synth', (_case, props, told) => {
    expect(costsOf(props)).toEqual([expect.stringContaining(told)]);
  });

  test('names the Region and the day of the price, and that AWS was not asked', () => {
    expect(costsOf(() => ({}))[0])
      .toMatch(/list price of us-east-1 on 2026-09-27, not asked of AWS.*pricePerHour.*docs\/sagemaker\.md#cost/);
  });

  test.each<[string, Make]>([
    ['type', stack => ({ instanceType: new CfnParameter(stack, 'Type').valueAsString })],
    ['price', stack => ({ pricePerHour: lateNumber(stack) })],
  ])('is not told where only the deployment knows the %s', (_what, props) => {
    expect(costsOf(props)).toEqual([]);
  });

  test('is not told again once it was acknowledged', () => {
    expect(costsOf(() => ({}), stack => Acknowledgements.of(stack).acknowledgeInfo('cdk-plumbline:endpointCost'))).toEqual([]);
  });

  test.each([-1, NaN, Infinity])('%d is no price', pricePerHour => {
    expect(() => stackWith({ pricePerHour })).toThrow(/cannot be what an hour of an instance costs[^]*at least 0/);
  });
});

test.each(Object.entries(SAGEMAKER_MODELS.models))('what JumpStart lists for %s fits it', (id, { instanceTypes, environment }) => {
  const size = tryModelSize(id)!;
  const [inputTokens, contextTokens] = 'MAX_TOTAL_TOKENS' in environment ? [1024, 2048] : [];
  const server = size.text ? 'tgi' : 'diffusers';
  expect(instanceTypes.filter(type => findMisfit(size, { server, inputTokens, contextTokens }, tryGpuInstance(type)!))).toEqual([]);
});

test('an image model in single precision runs on an older GPU', () => {
  expect(() => on('ml.p3.2xlarge', GenAiModel.jumpStart(STABLE_DIFFUSION, '2.0.18'))).not.toThrow();
});
