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
  /** The instance types it runs on, the default one first. */
  readonly instanceTypes: readonly string[];
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
