import { IBucket } from 'aws-cdk-lib/aws-s3';

/** A folder of a bucket. */
export interface BedrockDataLocation {
  /** The bucket. If the library knows its encryption key, the key is granted too. */
  readonly bucket: IBucket;

  /** The folder: what the objects' keys begin with, for example `training/`. */
  readonly prefix: string;
}
