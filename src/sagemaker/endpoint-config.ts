import { IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointNetwork } from './endpoint-network';
import { EndpointOperation } from './endpoint-operation';
import { acknowledgeLocalStorage } from './instance-type';
import { ModelConfig } from './model-config';

/** What an endpoint runs, and on what. */
export interface EndpointConfigOptions {
  readonly variant: string;
  readonly model: ModelConfig;
  readonly cfnModel: CfnModel;
  readonly instanceType: string;
  readonly operation: EndpointOperation;
  readonly role: IRole;
  readonly network?: EndpointNetwork;
  readonly key?: IKey;
}

export function createEndpointConfig(scope: Construct, options: EndpointConfigOptions): CfnEndpointConfig {
  const { variant, model, cfnModel, instanceType, operation, key } = options;
  const { serving, limits, startup, dataCapture } = operation;
  const hostsComponent = serving.kind === 'component';
  const config = new CfnEndpointConfig(scope, 'Config', {
    kmsKeyId: key?.keyArn,
    asyncInferenceConfig: serving.asyncConfig,
    dataCaptureConfig: dataCapture,
    ...hostsComponent ? hostOfComponent(options) : {},
    productionVariants: [{
      variantName: variant,
      instanceType,
      initialInstanceCount: limits.initial,
      modelDataDownloadTimeoutInSeconds: startup.downloadSeconds,
      containerStartupHealthCheckTimeoutInSeconds: startup.healthCheckSeconds,
      inferenceAmiVersion: model.inferenceAmiVersion,
      ...hostsComponent ? instancesForCopies(operation) : { modelName: cfnModel.attrModelName, initialVariantWeight: 1 },
    }],
  });
  // The role is named only by the model otherwise, and SageMaker checks its rights when the endpoint is made.
  if (hostsComponent) config.node.addDependency(options.role);
  acknowledgeLocalStorage(config, instanceType);
  return config;
}

/** The endpoint has the role and the network then, and the component only brings the model. */
function hostOfComponent({ cfnModel, role, network }: EndpointConfigOptions): Partial<ConstructorParameters<typeof CfnEndpointConfig>[2]> {
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
