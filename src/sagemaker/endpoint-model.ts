import { Lazy, Stack, Tokenization } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { EndpointNetwork } from './endpoint-network';
import { ModelArtifacts, ModelConfig } from './model-config';
import { tryGpuInstance } from '../contract/gpu-fit/gpu-instance';
import { tensorParallel } from '../contract/gpu-fit/memory';
import { teachingError } from '../standards/teaching-error';

/** What SageMaker's model is made of. */
export interface EndpointModelOptions {
  readonly model: ModelConfig;
  readonly role: IRole;
  readonly instanceType: string;
  readonly network?: EndpointNetwork;
  readonly isolated?: boolean;
}

/** The model as SageMaker knows it. */
export function createModel(scope: Construct, { model, role, instanceType, network, isolated }: EndpointModelOptions): CfnModel {
  const cfnModel = new CfnModel(scope, 'SageMakerModel', {
    executionRoleArn: role.roleArn,
    enableNetworkIsolation: requireIsolation(scope, model, isolated),
    primaryContainer: {
      image: model.image.uri,
      environment: Tokenization.isResolvable(model.environment)
        ? model.environment : { ...parallel(scope, model, instanceType), ...model.environment },
      modelDataSource: model.artifacts && dataSource(model.artifacts),
    },
    vpcConfig: network && {
      subnets: network.subnetIds,
      securityGroupIds: network.securityGroups.map(group => group.securityGroupId),
    },
  });
  cfnModel.node.addDependency(role);
  return cfnModel;
}

function dataSource({ bucketName, key, isArchive, resolved, acceptEula }: ModelArtifacts): CfnModel.ModelDataSourceProperty {
  return {
    s3DataSource: {
      s3Uri: `s3://${bucketName}/${key}`,
      s3DataType: resolved?.s3DataType ?? (isArchive ? 'S3Object' : 'S3Prefix'),
      compressionType: resolved?.compressionType ?? (isArchive ? 'Gzip' : 'None'),
      modelAccessConfig: acceptEula ? { acceptEula } : undefined,
    },
  };
}

function requireIsolation(scope: Construct, { title, needsNetwork }: ModelConfig, isolated: boolean | undefined): boolean {
  if (needsNetwork === undefined) return isolated ?? true;
  if (!isolated) return false;
  throw teachingError(scope, {
    problem: `${title} cannot run cut off from the network. ${needsNetwork}`,
    given: { networkIsolation: isolated },
    allowed: 'networkIsolation: false; or a model whose files SageMaker brings: GenAiModel.jumpStart, GenAiModel.s3',
    fix: 'copy the files of the model into a bucket, and use GenAiModel.s3',
  });
}

/** Over how many GPUs the server spreads the model. Of an instance type that only the deployment gives nobody knows: the server decides. */
function parallel(scope: Construct, { gpusVariable, fit }: ModelConfig, instanceType: string): Record<string, string> {
  if (gpusVariable === undefined) return {};
  return {
    [gpusVariable]: Lazy.string({
      produce: () => {
        const instance = tryGpuInstance(String(Stack.of(scope).resolve(instanceType)));
        if (!instance) return undefined;
        return String(fit?.size.text ? tensorParallel(fit.size, instance.gpus) : instance.gpus);
      },
    }),
  };
}
