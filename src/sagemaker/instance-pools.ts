import { Stack, Token } from 'aws-cdk-lib';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointInstanceOptions } from './endpoint-instance-options';
import { requireInstanceType } from './fitting-instance';
import { ModelConfig } from './model-config';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { tryGpuInstance } from '../contract/gpu-fit/gpu-instance';
import { teachingError } from '../standards/teaching-error';

const { maxTypes: MAX_TYPES } = ENDPOINT_SETTINGS.instancePools;

/** The type that a model is bound with: the best of those that are given, undefined for none. An error for lists that cannot be. */
export function givenInstanceType(scope: Construct, { instanceType, instanceTypes }: EndpointInstanceOptions): string | undefined {
  if (instanceTypes === undefined) return instanceType;
  requireOneList(scope, instanceType, instanceTypes);
  return instanceTypes[0];
}

/** The types to use, the best first: one, unless several are given. Each of them fits the model, and all have as many GPUs. */
export function requireInstanceTypes(scope: Construct, model: ModelConfig, options: EndpointInstanceOptions): string[] {
  const { instanceType, instanceTypes } = options;
  if (instanceTypes === undefined) return [requireInstanceType(scope, model, instanceType)];
  for (const type of instanceTypes) requireInstanceType(scope, model, type);
  requireSameGpus(scope, instanceTypes);
  return instanceTypes;
}

/** The part of a variant that says what it runs on. */
export function instancesOf(types: readonly string[]): Partial<CfnEndpointConfig.ProductionVariantProperty> {
  if (types.length === 1) return { instanceType: types[0] };
  return { instancePools: types.map((instanceType, index) => ({ instanceType, priority: index + 1 })) };
}

function requireOneList(scope: Construct, instanceType: string | undefined, instanceTypes: string[]): void {
  const hasBoth = instanceType !== undefined;
  if (!hasBoth && isList(instanceTypes)) return;
  throw teachingError(scope, {
    problem: hasBoth ? 'An endpoint has either one instanceType or instanceTypes' : 'These cannot be the types of an endpoint',
    given: { instanceType, instanceTypes },
    allowed: `one to ${MAX_TYPES} different types, the best first, and no instanceType beside them`,
    fix: 'instanceTypes: [\'ml.g6.2xlarge\', \'ml.g5.2xlarge\']',
  });
}

function isList(instanceTypes: string[]): boolean {
  if (Token.isUnresolved(instanceTypes) || instanceTypes.length < 1 || instanceTypes.length > MAX_TYPES) return false;
  const literal = instanceTypes.filter(type => !Token.isUnresolved(type));
  return new Set(literal).size === literal.length;
}

/** The container is told over how many GPUs it spreads the model, and it is told once for all types. */
function requireSameGpus(scope: Construct, instanceTypes: string[]): void {
  if (!instanceTypes.some(type => Token.isUnresolved(type))) {
    const fault = findDifferentGpus(scope, instanceTypes);
    if (fault) throw fault;
    return;
  }
  scope.node.addValidation({ validate: () => [findDifferentGpus(scope, instanceTypes)].flatMap(fault => fault?.message ?? []) });
}

/** Of a type that only the deployment knows, and of one that the contract does not know, nobody can tell. */
function findDifferentGpus(scope: Construct, instanceTypes: string[]): Error | undefined {
  const known = instanceTypes.flatMap(type => tryGpuInstance(String(Stack.of(scope).resolve(type))) ?? []);
  if (new Set(known.map(({ gpus }) => gpus)).size <= 1) return undefined;
  return teachingError(scope, {
    problem: 'The types of an endpoint have different numbers of GPUs, and its container is told one number',
    given: Object.fromEntries(known.map(({ type, gpus }) => [type, gpus])),
    allowed: 'types with as many GPUs each',
    fix: `take those with ${known[0].gpus} only`,
  });
}
