import { IResolvable } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { FitDemand } from '../contract/gpu-fit/memory';
import { ModelSize } from '../contract/gpu-fit/model-size';

/** What an endpoint needs to know of a model. */
export interface ModelConfig {
  /** The model with its version, for people who read an error: no tokens. */
  readonly title: string;
  /** The same with what only the deployment knows. */
  readonly exactTitle?: string;
  /** The image that serves it. */
  readonly image: ModelImage;
  /** Its artifacts in S3; none where the image holds the model, or loads it by itself. */
  readonly artifacts?: ModelArtifacts;
  /** Environment variables of the container. */
  readonly environment: Readonly<Record<string, string>> | IResolvable;
  /** The variable that tells the server over how many GPUs it has to spread the model. */
  readonly gpusVariable?: string;
  /** The type to run on where none is given, where only the deployment knows it. */
  readonly defaultInstanceType?: string;
  /** The instance types that its publisher lists, the default one first. */
  readonly instanceTypes: readonly string[];
  /** What it needs of an instance, where that is known. */
  readonly fit?: ModelFit;
  /** The system of the host, where the default one is too old for the image. */
  readonly inferenceAmiVersion?: string;
  /** Why the container needs the network, as a sentence without its full stop; undefined for one that does not. */
  readonly needsNetwork?: string;
  /** Whether the image may run on an instance without a GPU. */
  readonly runsAnywhere?: boolean;
}

/** What decides whether a model fits an instance. */
export interface ModelFit {
  readonly size: ModelSize;
  readonly demand: FitDemand;
}

export interface ModelImage {
  readonly uri: string;
  readonly repositoryArn: string;
}

export interface ModelArtifacts {
  readonly bucketName: string;
  /** A prefix that ends with a slash, of uncompressed files; or the key of an archive. */
  readonly key: string;
  readonly isArchive: boolean;
  /** The key that encrypts them, which the endpoint's role has to use. */
  readonly encryptionKey?: IKey;
  /** How SageMaker reads them, where only the deployment knows it. The library has checked key and bucket for wildcards then. */
  readonly resolved?: { readonly s3DataType: string; readonly compressionType: string };
  /** That the user has read and accepted the licence of the model. */
  readonly acceptEula?: boolean;
}
