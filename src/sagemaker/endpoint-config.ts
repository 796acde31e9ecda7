import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointNetwork } from './endpoint-network';
import { EndpointOperation } from './endpoint-operation';
import { HostedVariant } from './hosted-variant';
import { instancesOf } from './instance-pools';
import { acknowledgeLocalStorage } from './instance-type';

/** What an endpoint runs, and on what. */
export interface EndpointConfigOptions {
  /** The endpoint's own first. */
  readonly variants: readonly HostedVariant[];
  readonly operation: EndpointOperation;
  readonly network?: EndpointNetwork;
  readonly key?: IKey;
}

export function createEndpointConfig(scope: Construct, options: EndpointConfigOptions): CfnEndpointConfig {
  const { variants, operation: { serving, dataCapture }, key } = options;
  const hostsComponent = serving.kind === 'component';
  const config = new CfnEndpointConfig(scope, 'Config', {
    kmsKeyId: key?.keyArn,
    asyncInferenceConfig: serving.asyncConfig,
    dataCaptureConfig: dataCapture,
    ...hostsComponent ? hostOfComponent(options) : {},
    productionVariants: variants.map(variant => variantOf(variant, options.operation)),
  });
  // The role is named only by the model otherwise, and SageMaker checks its rights when the endpoint is made.
  if (hostsComponent) config.node.addDependency(variants[0].role);
  acknowledgeLocalStorage(config, variants.flatMap(({ instanceTypes }) => instanceTypes));
  return config;
}

function variantOf(variant: HostedVariant, operation: EndpointOperation): CfnEndpointConfig.ProductionVariantProperty {
  const { name, model, cfnModel, instanceTypes, limits, weight } = variant;
  const { startup } = operation;
  return {
    variantName: name,
    ...instancesOf(instanceTypes),
    initialInstanceCount: limits.initial,
    modelDataDownloadTimeoutInSeconds: startup.downloadSeconds,
    containerStartupHealthCheckTimeoutInSeconds: startup.healthCheckSeconds,
    variantInstanceProvisionTimeoutInSeconds: startup.capacitySeconds,
    inferenceAmiVersion: model.inferenceAmiVersion,
    ...operation.serving.kind === 'component'
      ? instancesForCopies(operation) : { modelName: cfnModel.attrModelName, initialVariantWeight: weight },
  };
}

/** The endpoint has the role and the network then, and the component only brings the model. */
function hostOfComponent(
  { variants: [{ cfnModel, role }], network }: EndpointConfigOptions,
): Partial<ConstructorParameters<typeof CfnEndpointConfig>[2]> {
  return {
    executionRoleArn: role.roleArn,
    enableNetworkIsolation: cfnModel.enableNetworkIsolation,
    vpcConfig: network && {
      subnets: network.subnetIds, securityGroupIds: network.securityGroups.map(group => group.securityGroupId),
    },
  };
}

/** SageMaker adds an instance for a copy that finds none, and takes away one without a copy. */
function instancesForCopies({ limits, options }: EndpointOperation): Partial<CfnEndpointConfig.ProductionVariantProperty> {
  return {
    managedInstanceScaling: {
      status: 'ENABLED', minInstanceCount: options.schedule ? 0 : limits.min, maxInstanceCount: limits.max,
    },
    routingConfig: { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
  };
}
