import { Token } from 'aws-cdk-lib';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ModelConfig } from './model-config';
import { requireModelFiles } from './model-files';
import { HuggingFaceModelOptions, ImageModelOptions, S3ModelOptions } from './model-options';
import { requireOwnRegion } from './payload-location';
import { servedModel } from './served-model';
import { requireModelSize } from './stated-size';
import { SAGEMAKER_MODELS } from '../contract/data';
import { ModelSize, tryModelSize } from '../contract/gpu-fit/model-size';
import { teachingError } from '../standards/teaching-error';

const SHORT_COMMIT = 7;

/** A model that its server downloads when it starts. */
export function huggingFaceModel(scope: Construct, id: string, options: HuggingFaceModelOptions): ModelConfig {
  requireHuggingFaceId(scope, id);
  requireCommit(scope, id, options?.revision);
  const { revision, token, tokenField } = options;
  return {
    title: Token.isUnresolved(id) ? 'The model of Hugging Face' : id,
    exactTitle: `${id} ${Token.isUnresolved(revision) ? revision : revision.slice(0, SHORT_COMMIT)}`,
    needsNetwork: 'The container downloads the model from Hugging Face when it starts',
    ...servedModel(scope, options, {
      known: Token.isUnresolved(id) ? undefined : tryModelSize(id),
      own: ({ variables }) => ({
        [variables.model]: id,
        [variables.revision]: revision,
        ...(token && { [variables.token]: tokenReference(token, tokenField) }),
      }),
    }),
  };
}

/** A model whose files lie in a bucket of the user. */
export function s3Model(scope: Construct, options: S3ModelOptions): ModelConfig {
  const artifacts = requireModelFiles(scope, options?.files);
  const { modelFolder } = SAGEMAKER_MODELS.servers;
  return {
    title: Token.isUnresolved(artifacts.key) ? 'The model in S3' : artifacts.key,
    exactTitle: `s3://${artifacts.bucketName}/${artifacts.key}`,
    artifacts,
    ...servedModel(scope, options, { own: ({ variables }) => ({ [variables.model]: modelFolder }) }),
  };
}

/** A model behind an image of the user. */
export function imageModel(scope: Construct, options: ImageModelOptions): ModelConfig {
  const { repository, tagOrDigest, files, size, environment = {}, inferenceAmiVersion, needsNetwork } = options;
  requireTagOrDigest(scope, tagOrDigest);
  requireOwnRegion(scope, { name: 'The repository of the image', region: regionOf(repository) });
  return {
    title: `The image ${Token.isUnresolved(tagOrDigest) ? repository.node.id : tagOrDigest}`,
    exactTitle: `${repository.repositoryName} ${tagOrDigest}`,
    image: { uri: repository.repositoryUriForTagOrDigest(tagOrDigest), repositoryArn: repository.repositoryArn },
    artifacts: files && requireModelFiles(scope, files),
    environment,
    instanceTypes: [],
    fit: size && { size: withoutCache(requireModelSize(scope, size)), demand: { server: 'diffusers' } },
    inferenceAmiVersion,
    needsNetwork: needsNetwork ? 'The image was said to need the network' : undefined,
    runsAnywhere: true,
  };
}

/** A repository that was imported by its attributes claims to be where the stack is: its ARN knows better. */
function regionOf({ repositoryArn, env: { region } }: IRepository): string {
  return Token.isUnresolved(repositoryArn) ? region : repositoryArn.split(':')[3];
}

/** Who wrote the image knows how it uses a KV cache; here only the weights and the peak count. */
function withoutCache({ precision, weightsBytes, peakBytes }: ModelSize): ModelSize {
  return { precision, weightsBytes, peakBytes };
}

/** A reference that CloudFormation resolves when it creates the model. */
function tokenReference(token: ISecret, field: string | undefined): string {
  return (field === undefined ? token.secretValue : token.secretValueFromJson(field)).unsafeUnwrap();
}

function requireHuggingFaceId(scope: Construct, id: string): void {
  if (Token.isUnresolved(id) || /^[\w.-]{1,96}(\/[\w.-]{1,96})?$/.test(id)) return;
  throw teachingError(scope, {
    problem: 'This is no id of a model in Hugging Face',
    given: id,
    allowed: 'owner/name, as in the address of the model\'s page',
    fix: 'GenAiModel.huggingFace(\'mistralai/Mistral-7B-Instruct-v0.2\', { revision: \'…\' })',
  });
}

function requireCommit(scope: Construct, id: string, revision: string | undefined): void {
  if (revision !== undefined && (Token.isUnresolved(revision) || /^[0-9a-f]{40}$/.test(revision))) return;
  throw teachingError(scope, {
    problem: 'The revision of a model from Hugging Face has to be a commit: what a branch or a tag means changes',
    given: revision,
    allowed: '40 hexadecimal digits',
    fix: `take the commit from https://huggingface.co/${id}/commits/main`,
  });
}

function requireTagOrDigest(scope: Construct, tagOrDigest: string): void {
  if (Token.isUnresolved(tagOrDigest)) return;
  const isTag = /^\w[\w.-]{0,127}$/.test(tagOrDigest) && tagOrDigest !== 'latest';
  if (isTag || /^sha256:[0-9a-f]{64}$/.test(tagOrDigest)) return;
  throw teachingError(scope, {
    problem: 'The image has to be one that stays the same',
    given: tagOrDigest,
    allowed: 'a tag other than latest, or a digest',
    fix: 'tagOrDigest: \'1.2.0\', or asset.imageTag of a DockerImageAsset',
  });
}
