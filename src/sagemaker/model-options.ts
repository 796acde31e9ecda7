import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ModelServer } from './model-server';
import { GenAiModelSize } from './model-size';

/** What every model says that does not come from JumpStart. */
export interface GenAiModelOptions {
  /**
   * How large the model is, so that the synth can refuse an instance that it does not fit.
   *
   * @default - what the library knows of the model; else nothing is checked, and a warning says so
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md
   */
  readonly size?: GenAiModelSize;

  /**
   * Environment variables of the container, beside those that the library sets; of these only the number of GPUs can be changed here.
   * No secrets: whoever may describe the model sees them.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * The system of the host with its GPU driver, for example `al2-ami-sagemaker-inference-gpu-3-1`. With one that is too old for the image
   * the container does not start, or hangs without a log.
   *
   * @default - the one that suits the server's image; of an image of your own, SageMaker's
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly inferenceAmiVersion?: string;
}

/** What a model says that one of the known servers serves. */
export interface ServedModelOptions extends GenAiModelOptions {
  /**
   * What serves the model.
   *
   * @default ModelServer.VLLM
   */
  readonly server?: ModelServer;

  /**
   * The longest context, prompt and answer together, in tokens. A shorter one needs less memory.
   *
   * @default - the longest that the model was made for
   */
  readonly contextTokens?: number;
}

/** Options of `GenAiModel.huggingFace`. */
export interface HuggingFaceModelOptions extends ServedModelOptions {
  /** The commit of the model's repository, 40 hexadecimal digits: what a branch or tag means can change under a running endpoint. */
  readonly revision: string;

  /**
   * A secret with a token of Hugging Face, for models behind a licence. It never is in the template; but whoever may call
   * `sagemaker:DescribeModel` can read it, for SageMaker has no other way to give it to the container. Use one that only reads.
   *
   * @default - none: a public model
   */
  readonly token?: ISecret;

  /**
   * The field of the secret that holds the token, where the secret is JSON.
   *
   * @default - the whole secret is the token
   */
  readonly tokenField?: string;
}

/** Options of `GenAiModel.jumpStart`. */
export interface JumpStartModelOptions {
  /**
   * That you have read the licence of the model, and accept it. Without it a model with a licence is not deployed, and the error names
   * the licence.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-foundation-models-choose.html
   */
  readonly acceptEula?: boolean;
}

/** Model files in S3. */
export interface ModelFilesOptions {
  /** The bucket, in the Region of the endpoint. */
  readonly bucket: IBucket;

  /**
   * The prefix of the uncompressed files, which starts faster; ends with a slash, for example `models/mistral/`. Give this or `archive`.
   *
   * @default - `archive` says where the model is
   */
  readonly prefix?: string;

  /**
   * The key of an archive, for example `models/mistral.tar.gz`. Give this or `prefix`.
   *
   * @default - `prefix` says where the model is
   */
  readonly archive?: string;

  /**
   * The key that encrypts the files.
   *
   * @default - the bucket's own key, where it has one
   */
  readonly encryptionKey?: IKey;
}

/** Options of `GenAiModel.s3`. */
export interface S3ModelOptions extends ServedModelOptions {
  /** Where the files are. */
  readonly files: ModelFilesOptions;
}

/** Options of `GenAiModel.image`. */
export interface ImageModelOptions extends GenAiModelOptions {
  /** The repository of the image, in the Region of the endpoint. */
  readonly repository: IRepository;

  /** The tag, or the digest `sha256:…`, of the image. Not `latest`: what it means changes under a running endpoint. */
  readonly tagOrDigest: string;

  /**
   * Model files that SageMaker puts into `/opt/ml/model`.
   *
   * @default - the image holds the model
   */
  readonly files?: ModelFilesOptions;

  /**
   * Whether the container loads something from the network. Such an endpoint cannot have network isolation.
   *
   * @default false
   */
  readonly needsNetwork?: boolean;
}
