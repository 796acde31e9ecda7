import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointStartup } from './endpoint-startup';
import { requireKnownGpus } from './instance-type';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { Warning, warnAtSynth } from '../standards/warnings';

const { components: SETTINGS } = ENDPOINT_SETTINGS;

/** The model on an endpoint that can go without instances. */
export interface ComponentOptions {
  readonly name: string;
  readonly endpoint: CfnEndpoint;
  readonly variant: string;
  readonly modelName: string;
  readonly instanceType: string;
  readonly copies: number;
  readonly startup: EndpointStartup;
  readonly deployment?: CfnInferenceComponent.InferenceComponentDeploymentConfigProperty;
}

/**
 * Hosts the model as an inference component. A copy takes all GPUs of an instance, so copies and instances are the same number.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
 */
export function createInferenceComponent(scope: Construct, options: ComponentOptions): CfnInferenceComponent {
  warnOfRegion(scope);
  return new CfnInferenceComponent(scope, 'Component', {
    inferenceComponentName: options.name,
    endpointName: options.endpoint.attrEndpointName,
    variantName: options.variant,
    deploymentConfig: options.deployment,
    specification: {
      modelName: options.modelName,
      startupParameters: {
        modelDataDownloadTimeoutInSeconds: options.startup.downloadSeconds,
        containerStartupHealthCheckTimeoutInSeconds: options.startup.healthCheckSeconds,
      },
      computeResourceRequirements: {
        numberOfAcceleratorDevicesRequired: Lazy.number({ produce: () => requireKnownGpus(scope, options.instanceType) }),
        minMemoryRequiredInMb: SETTINGS.memoryMb,
      },
    },
    // SageMaker creates none without a copy; the scaling takes it away later.
    runtimeConfig: { copyCount: options.copies },
  });
}

/** A list that AWS does not promise: a Region that is not in it may have learned it. */
function warnOfRegion(scope: Construct): void {
  warnAtSynth(scope, () => [findRegion(scope)]);
}

function findRegion(scope: Construct): Warning | undefined {
  const { region } = Stack.of(scope);
  const regions: readonly string[] = SETTINGS.regions;
  if (Token.isUnresolved(region) || regions.includes(region)) return undefined;
  return {
    id: 'componentsMayBeRefused',
    message: `scaleToZero hosts the model as an inference component, and SageMaker may refuse these in ${region}, so that the deployment `
      + `fails. Known to take them, on ${SETTINGS.sources[0].retrieved}: ${regions.join(', ')}. Inference.asynchronous() scales to zero `
      + 'without one.',
  };
}
