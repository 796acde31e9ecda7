import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/** A kind of data that a model takes or gives. */
export enum InvocationData {
  TEXT = 'TEXT',
  IMAGE = 'IMAGE',
  EMBEDDING = 'EMBEDDING',
  VIDEO = 'VIDEO',
  AUDIO = 'AUDIO',
}

/** Where in S3 something of the invocation log is written to. */
export interface S3InvocationLog {
  /**
   * A bucket of the same account and Region. Its policy, and that of its KMS key, is extended so that Bedrock may write to it.
   *
   * @default - a new bucket, whose objects expire after the retention of the log
   */
  readonly bucket?: IBucket;

  /**
   * What the names of the objects begin with, without a slash at either end. Bedrock adds
   * `/AWSLogs/<account>/BedrockModelInvocationLogs/…`.
   *
   * @default - none; `large-data` for the large bodies of a log in CloudWatch
   */
  readonly prefix?: string;
}

/** The invocation log in CloudWatch Logs. */
export interface CloudWatchInvocationLog {
  /**
   * A log group of the same account and Region.
   *
   * @default - a new log group, encrypted by `encryptionKey`
   */
  readonly logGroup?: ILogGroup;

  /**
   * Where bodies go that are larger than CloudWatch takes (100 KB), and binary data such as images. The line in CloudWatch then says where.
   *
   * @default - the bucket of `s3`, else a new one
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
   */
  readonly largeData?: S3InvocationLog;
}
