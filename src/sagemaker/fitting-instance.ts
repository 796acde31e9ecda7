import { Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ModelConfig } from './model-config';
import { INSTANCE_PRICES } from '../contract/data';
import { findMisfit, fittingInstances, tryLongestContext } from '../contract/gpu-fit/fit';
import { GpuInstance, instancesByPrice, tryGpuInstance } from '../contract/gpu-fit/gpu-instance';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

const GUIDE = 'https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md';
/** More of them help nobody. */
const MAX_NAMED = 8;
const MODERN_GPU_FAMILY = /^ml\.[gp]\d/;

/** The instance type to use: the given one if the model fits it, else the first that its publisher lists, or the cheapest that it fits. */
export function requireInstanceType(scope: Construct, model: ModelConfig, given: string | undefined): string {
  const cheapest = model.fit && fittingInstances(model.fit.size, model.fit.demand)[0]?.type;
  const type = given ?? model.defaultInstanceType ?? model.instanceTypes[0] ?? cheapest;
  if (type === undefined) throw withoutInstanceType(scope, model);
  if (!Token.isUnresolved(type)) requireFittingInstance(scope, model, type);
  return type;
}

/** A model that cannot fit is refused; of one whose fit nobody can tell, a warning says so. */
export function requireFittingInstance(scope: Construct, model: ModelConfig, type: string): void {
  const instance = tryGpuInstance(type);
  if (!instance) return requireGpu(scope, model, type);
  const misfit = model.fit && findMisfit(model.fit.size, model.fit.demand, instance);
  if (misfit) throw doesNotFit(scope, model, instance, misfit);
  if (model.instanceTypes.includes(type)) return;
  if (model.fit && model.instanceTypes.length > 0) warnOfUnlisted(scope, model, type);
  else if (!model.fit) requireListed(scope, model, type);
}

function requireGpu(scope: Construct, model: ModelConfig, type: string): void {
  if (model.runsAnywhere && type.startsWith('ml.')) return;
  if (MODERN_GPU_FAMILY.test(type)) {
    warn(scope, {
      id: 'instanceTypeUnknown',
      message: `Whether ${model.title} fits ${type} is not checked: the contract does not know its GPU. ${GUIDE}#fit`,
    });
    return;
  }
  throw teachingError(scope, {
    problem: type.startsWith('ml.')
      ? `${model.title} runs on a GPU, and this instance type has none`
      : 'SageMaker\'s names of instance types begin with "ml."',
    given: type,
    allowed: named(candidates(model)),
    fix: `instanceType: '${tryGpuInstance(`ml.${type}`) ? `ml.${type}` : candidates(model)[0].type}'`,
  });
}

function doesNotFit(scope: Construct, model: ModelConfig, instance: GpuInstance, misfit: string): Error {
  const { size, demand } = model.fit!;
  const fitting = listedFirst(model, fittingInstances(size, demand));
  const longest = tryLongestContext(size, demand, instance);
  const other = fitting.length > 0 ? `instanceType: '${fitting[0].type}'` : undefined;
  const shorter = longest === undefined ? undefined : `a context of at most ${longest} tokens`;
  return teachingError(scope, {
    problem: `${model.title} does not fit ${instance.type}: ${misfit}`,
    given: { instanceType: instance.type, contextTokens: demand.contextTokens ?? size.text?.contextTokens },
    allowed: fitting.length > 0 ? named(fitting) : 'a shorter context: no known instance type is large enough for this one',
    fix: [other, shorter].filter(way => way !== undefined).join(', or ') || 'a smaller model, or one with weights of a lower precision',
  });
}

function warnOfUnlisted(scope: Construct, { title, instanceTypes }: ModelConfig, type: string): void {
  warn(scope, {
    id: 'instanceTypeNotListed',
    message: `JumpStart does not list ${type} for ${title}, which fits it by its memory. Listed are ${instanceTypes.join(', ')}. `
      + `${GUIDE}#fit`,
  });
}

/** Without a size, what is listed is all that is known. */
function requireListed(scope: Construct, { title, instanceTypes }: ModelConfig, type: string): void {
  if (instanceTypes.length === 0) {
    warn(scope, {
      id: 'modelSizeUnknown',
      message: `Whether ${title} fits ${type} is not checked, for nothing says how large it is. State its size: `
        + `size: { weights: Size.gibibytes(15), layers: 32, … }. ${GUIDE}#fit`,
    });
    return;
  }
  throw teachingError(scope, {
    problem: `${title} is not known to run on this instance type`,
    given: type,
    allowed: instanceTypes.join(', '),
    fix: `instanceType: '${instanceTypes[0]}'`,
  });
}

function withoutInstanceType(scope: Construct, { title }: ModelConfig): Error {
  return teachingError(scope, {
    problem: `Nothing says how large ${title} is, so no instance type can be chosen for it`,
    given: undefined,
    allowed: `an instanceType, for example one of ${named(instancesByPrice())}`,
    fix: 'instanceType: \'ml.g5.2xlarge\', or state the size of the model',
  });
}

/** What the model fits, or is listed for; everything with a GPU where neither is known. */
function candidates({ fit, instanceTypes }: ModelConfig): readonly GpuInstance[] {
  const listed = instanceTypes.map(type => tryGpuInstance(type)).filter(instance => instance !== undefined);
  const fitting = fit ? fittingInstances(fit.size, fit.demand) : [];
  return [listed, fitting].find(instances => instances.length > 0) ?? instancesByPrice();
}

/** A type that the publisher does not list is taken with a warning, so one that it lists is the better advice. */
function listedFirst({ instanceTypes }: ModelConfig, instances: readonly GpuInstance[]): readonly GpuInstance[] {
  const isListed = ({ type }: GpuInstance): boolean => instanceTypes.includes(type);
  return [...instances.filter(isListed), ...instances.filter(instance => !isListed(instance))];
}

function shownWithPrice({ type, gpu, gpus, usableGiB, pricePerHour }: GpuInstance): string {
  const price = pricePerHour === undefined ? '' : `, ${pricePerHour} ${INSTANCE_PRICES.currency} an hour`;
  return `${type} (${gpus} × ${gpu}, ${usableGiB} GiB${price})`;
}

function named(instances: readonly GpuInstance[]): string {
  const shown = instances.slice(0, MAX_NAMED).map(shownWithPrice);
  return [...shown, ...(instances.length > MAX_NAMED ? [`${instances.length - MAX_NAMED} more`] : [])].join(', ');
}
