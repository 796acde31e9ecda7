import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { FALCON, stackWith, STABLE_DIFFUSION } from './support/endpoint-stack';
import { SAGEMAKER_MODELS } from '../../src/contract/data';
import { findMisfit } from '../../src/contract/gpu-fit/fit';
import { instancesBySize, tryGpuInstance } from '../../src/contract/gpu-fit/gpu-instance';
import { tryModelSize } from '../../src/contract/gpu-fit/model-size';
import { GenAiModel } from '../../src/sagemaker';

const on = (instanceType: string, model = GenAiModel.jumpStart(FALCON, '4.6.16')) => stackWith({ model, instanceType });
const warningsOf = (instanceType: string): string[] =>
  Annotations.fromStack(on(instanceType).stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));

describe('an instance type', () => {
  test.each(['ml.g4dn.xlarge', 'ml.g4dn.4xlarge', 'ml.g4dn.12xlarge', 'ml.p3.2xlarge'])('%s cannot compute in bf16', type => {
    expect(() => on(type)).toThrow(
      /^\[Stack\/Falcon\] hugg.*4\.6\.16 does not fit ml\.[\w.]+: the model computes in bf16[^]*fix: +instanceType: 'ml\.g5\.2xlarge'$/,
    );
  });

  test('whose host is too small is refused with the smallest that is large enough', () => {
    expect(() => on('ml.g5.xlarge')).toThrow(/the host has 16 GiB[^]*allowed: ml\.g5\.2xlarge \(1 × A10G, 22\.2 GiB\), ml\.g6\.2xlarge/);
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
    for (const instance of instancesBySize().filter(({ type }) => !listed.includes(type))) {
      if (findMisfit(tryModelSize(FALCON)!, demand, instance)) expect(() => on(instance.type)).toThrow(/does not fit/);
      else expect(warningsOf(instance.type)).toEqual([expect.stringMatching(/does not list.*instanceTypeNotListed/)]);
    }
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
