import { ArnFormat, CustomResource, Duration, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ModelConfig, ModelFit } from './model-config';
import { JumpStartModelOptions } from './model-options';
import { tryModelSize } from '../contract/gpu-fit/model-size';
import { LibraryFunction } from '../function/library-function';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';
import { teachingError } from '../standards/teaching-error';

const HUB = 'SageMakerPublicHub';
/** CloudFormation waits so long; an older event is not worked on any more. */
const PATIENCE = Duration.minutes(10);
/** JumpStart sets a context that suits the instance. What has no room even for a short one fits with none. */
const SHORT_CONTEXT = 1024;
const MODEL_ID = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const VERSION = /^\d{1,4}\.\d{1,4}\.\d{1,4}$|^(\d{1,4}\.){0,2}\*$/;

/** Which model of the hub, and on what. */
interface HubModelOptions extends JumpStartModelOptions {
  readonly modelId: string;
  readonly version: string;
  readonly instanceType?: string;
}

/** A model of JumpStart that only the deployment resolves. */
export function hubModel(scope: Construct, options: HubModelOptions): ModelConfig {
  requireHubModel(scope, options);
  const { modelId, version, acceptEula } = options;
  const resolved = createResolution(scope, options);
  const text = (name: string): string => resolved.getAttString(name);
  return {
    title: `${Token.isUnresolved(modelId) ? 'The JumpStart model' : modelId} ${Token.isUnresolved(version) ? '' : version}`.trim(),
    exactTitle: `${modelId} ${text('Version')}`,
    image: {
      uri: text('Image'),
      repositoryArn: Stack.of(scope).formatArn({
        service: 'ecr',
        account: text('ImageAccount'),
        resource: 'repository',
        resourceName: text('Repository'),
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    },
    artifacts: {
      bucketName: text('Bucket'),
      key: text('Key'),
      isArchive: false,
      resolved: { s3DataType: text('S3DataType'), compressionType: text('CompressionType') },
      acceptEula,
    },
    environment: resolved.getAtt('Environment'),
    defaultInstanceType: text('InstanceType'),
    instanceTypes: [],
    fit: tryFit(modelId),
    inferenceAmiVersion: text('InferenceAmiVersion'),
  };
}

function createResolution(scope: Construct, { modelId, version, instanceType, acceptEula }: HubModelOptions): CustomResource {
  const fn = new LibraryFunction(scope, 'JumpStart', {
    name: 'jump-start-model',
    maxEventAge: PATIENCE,
    statements: [new PolicyStatement({
      sid: 'ReadPublicHub',
      actions: ['sagemaker:DescribeHubContent', 'sagemaker:ListHubContentVersions'],
      resources: hubResources(scope, modelId),
    })],
  });
  acknowledgeWildcards(fn.actions, hubResources(scope, modelId),
    'Every version of this one model in AWS\'s public hub: which one is meant is found out by listing them.');
  const resolution = new CustomResource(scope, 'JumpStartModel', {
    serviceToken: fn.functionArn,
    resourceType: 'Custom::JumpStartModel',
    serviceTimeout: PATIENCE,
    properties: {
      modelId, version, instanceType: instanceType ?? '', acceptEula: acceptEula === true, dnsSuffix: Stack.of(scope).urlSuffix,
    },
  });
  resolution.node.addDependency(fn);
  return resolution;
}

/** The hub belongs to the account `aws`. */
function hubResources(scope: Construct, modelId: string): string[] {
  const arn = (resource: string, resourceName: string): string =>
    Stack.of(scope).formatArn({ service: 'sagemaker', account: 'aws', resource, resourceName });
  return [arn('hub', HUB), arn('hub-content', `${HUB}/Model/${modelId}/*`)];
}

function tryFit(modelId: string): ModelFit | undefined {
  const size = Token.isUnresolved(modelId) ? undefined : tryModelSize(modelId);
  return size && { size, demand: size.text ? { server: 'vllm', contextTokens: SHORT_CONTEXT } : { server: 'diffusers' } };
}

function requireHubModel(scope: Construct, { modelId, version }: HubModelOptions): void {
  if (!Token.isUnresolved(modelId) && !MODEL_ID.test(modelId)) {
    throw teachingError(scope, {
      problem: 'This is no id of a model in JumpStart',
      given: modelId,
      allowed: '1 to 63 letters, digits and inner hyphens',
      fix: 'GenAiModel.jumpStart(\'huggingface-llm-falcon-7b-instruct-bf16\', \'4.6.16\'); of Hugging Face, GenAiModel.huggingFace',
    });
  }
  if (Token.isUnresolved(version) || VERSION.test(version)) return;
  throw teachingError(scope, {
    problem: 'This is no version of a model in JumpStart',
    given: version,
    allowed: 'an exact one, such as "1.2.3", or one that ends in "*": "1.2.*", "1.*" or "*"',
    fix: `GenAiModel.jumpStart('${modelId}', '1.*'), and then the version that the endpoint shows as its output`,
  });
}
