import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EndpointOperationOptions } from './endpoint-operation-options';
import { ENDPOINT_SETTINGS, SAGEMAKER_MODELS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { startup: STARTUP, instancePools: POOLS } = ENDPOINT_SETTINGS;
const CAPACITY: Limits = { minSeconds: POOLS.minProvisionSeconds, maxSeconds: POOLS.maxProvisionSeconds };

interface Limits {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

/** How long an instance may take to start. */
export interface EndpointStartup {
  readonly downloadSeconds: number;
  readonly healthCheckSeconds: number;
  /** Undefined where SageMaker decides. */
  readonly capacitySeconds?: number;
}

export function endpointStartup(scope: Construct, options: EndpointOperationOptions): EndpointStartup {
  const { modelDownloadTimeoutSeconds, healthCheckTimeoutSeconds } = SAGEMAKER_MODELS.startup;
  return {
    downloadSeconds: requireSeconds(scope, 'modelDownloadTimeout', options.modelDownloadTimeout, STARTUP) ?? modelDownloadTimeoutSeconds,
    healthCheckSeconds: requireSeconds(scope, 'containerStartupTimeout', options.containerStartupTimeout, STARTUP)
      ?? healthCheckTimeoutSeconds,
    capacitySeconds: requireSeconds(scope, 'capacityTimeout', options.capacityTimeout, CAPACITY),
  };
}

function requireSeconds(
  scope: Construct, name: string, given: Duration | undefined, { minSeconds, maxSeconds }: Limits,
): number | undefined {
  if (!given) return undefined;
  if (given.isUnresolved()) return given.toSeconds();
  const seconds = given.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= minSeconds && seconds <= maxSeconds) return seconds;
  throw teachingError(scope, {
    problem: `SageMaker takes no such time for the start of an instance: ${name}`,
    given: given.toString(),
    allowed: `whole seconds, ${minSeconds} to ${maxSeconds}`,
    fix: `${name}: Duration.minutes(10)`,
  });
}
