import { Stack, Token } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { requireFittingInstance } from './fitting-instance';
import { ModelConfig } from './model-config';
import { GPU_INSTANCES } from '../contract/data';
import { tryGpuInstance } from '../contract/gpu-fit/gpu-instance';
import { acknowledgeLate } from '../standards/late-values/acknowledge-late';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

/** What an endpoint runs on. */
interface InstanceOptions {
  readonly model: ModelConfig;
  readonly instanceType: string;
  readonly key?: IKey;
}

/** SageMaker refuses a key for instances with local disks, and says so only while the stack is deployed. */
export function requireFittingKey(scope: Construct, { model, instanceType, key }: InstanceOptions): void {
  if (!key || !hasLocalStorage(instanceType)) return;
  const others = model.instanceTypes.filter(type => !hasLocalStorage(type));
  throw teachingError(scope, {
    problem: `SageMaker takes no encryptionKey for ${instanceType}: it has local disks, which the instance encrypts with keys of its own`,
    given: { instanceType, encryptionKey: key.node.path },
    allowed: others.length > 0 ? `encryptionKey with ${others.join(', ')}` : `no encryptionKey with any instance type of ${model.title}`,
    fix: 'remove encryptionKey: the disks are encrypted without it',
  });
}

/** Checks an instance type that is a lazy value when it is there. What only the deployment gives passes, with a key under a warning. */
export function requireFittingLateType(scope: Construct, { model, instanceType, key }: InstanceOptions): void {
  if (!Token.isUnresolved(instanceType)) return;
  scope.node.addValidation({
    validate: () => {
      const type: unknown = Stack.of(scope).resolve(instanceType);
      if (typeof type !== 'string') {
        if (key) warnOfKey(scope);
        return [];
      }
      try {
        requireFittingInstance(scope, model, type);
        requireFittingKey(scope, { model, instanceType: type, key });
        return [];
      } catch (fault) {
        return [(fault as Error).message];
      }
    },
  });
}

function warnOfKey(scope: Construct): void {
  const taking = Object.entries(GPU_INSTANCES.instances).filter(([, { localStorage }]) => !localStorage).map(([type]) => type);
  warn(scope, {
    id: 'encryptionKeyMayBeRefused',
    message: 'Only the deployment knows the instance type, and SageMaker refuses an encryptionKey for a type with local disks: the '
      + `deployment fails then. Of the types with GPUs it takes one for ${taking.join(', ')}. Write the instanceType out, or remove `
      + 'encryptionKey: local disks are encrypted without it.',
  });
}

/** The GPUs of a type, which must be known when the template is made. */
export function requireKnownGpus(scope: Construct, instanceType: string): number {
  const type: unknown = Stack.of(scope).resolve(instanceType);
  const gpus = typeof type === 'string' ? tryGpuInstance(type)?.gpus : undefined;
  if (gpus !== undefined) return gpus;
  throw teachingError(scope, {
    problem: 'With scaleToZero a copy of the model takes all GPUs of an instance, so their number must be known at synth',
    given: instanceType,
    allowed: 'a literal type with GPUs that the contract knows, for example ml.g5.2xlarge',
    fix: 'write instanceType out',
  });
}

const PACKS_THAT_WANT_A_KEY = ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'];

/** Acknowledges the findings that ask for the key which SageMaker refuses. */
export function acknowledgeLocalStorage(config: CfnEndpointConfig, instanceTypes: readonly string[]): void {
  acknowledgeLate(config, () => {
    const local = instanceTypes.map(type => String(Stack.of(config).resolve(type))).filter(hasLocalStorage);
    const reason = `The disks of ${local.join(', ')} are local and encrypted by a hardware module of the instance; ` +
      'CreateEndpointConfig fails with a KMS key for them.';
    const packs = local.length > 0 ? PACKS_THAT_WANT_A_KEY : [];
    return Object.fromEntries(packs.map(pack => [`${pack}-SageMakerEndpointConfigurationKMSKeyConfigured`, reason]));
  });
}

const hasLocalStorage = (instanceType: string): boolean => tryGpuInstance(instanceType)?.localStorage === true;
