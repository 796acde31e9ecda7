import { FitDemand } from '../contract/gpu-fit/memory';
import { ModelSize } from '../contract/gpu-fit/model-size';

/** What an endpoint needs to know of a model. */
export interface ModelConfig {
  /** The model with its exact version, for people. */
  readonly title: string;
  /** The image that serves it. */
  readonly image: ModelImage;
  /** Its artifacts, uncompressed in S3. */
  readonly artifacts: ModelArtifacts;
  /** Environment variables of the container. */
  readonly environment: Readonly<Record<string, string>>;
  /** The instance types that its publisher lists, the default one first. */
  readonly instanceTypes: readonly string[];
  /** What it needs of an instance, where that is known. */
  readonly fit?: ModelFit;
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
  /** Ends with a slash. */
  readonly keyPrefix: string;
}
