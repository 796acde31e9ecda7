import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bedrockOfPlace } from './bedrock-of-place';
import { retentionOf, warnOfKey } from './invocation-log-group';
import { S3InvocationLog } from './invocation-log-options';
import { requireSamePlace } from './invocation-log-place';
import { sharedChild } from '../standards/shared-child';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

interface BucketProps {
  readonly retention?: RetentionDays;
  readonly encryptionKey?: IKey;
}

/** A place in S3 that Bedrock may write to. */
interface Destination {
  readonly bucket: IBucket;
  /** As Bedrock's API takes it. */
  readonly config: { readonly bucketName: string; readonly keyPrefix?: string };
}

/** The buckets that the invocation log is written to: those given, and at most one of the construct's own. */
export class InvocationLogBuckets {
  private readonly writable = new Set<string>();

  constructor(private readonly scope: Construct, private readonly props: BucketProps) {}

  /** A place that Bedrock may write to. */
  public destination({ bucket: given, prefix }: S3InvocationLog): Destination {
    this.requirePrefix(prefix);
    const bucket = given
      ? requireSamePlace(this.scope, 'bucket', given)
      : sharedChild(this.scope, 'Bucket', (_scope, id) => this.create(id));
    this.letBedrockWrite(bucket, prefix);
    return { bucket, config: { bucketName: bucket.bucketName, ...(prefix && { keyPrefix: prefix }) } };
  }

  private requirePrefix(prefix: string | undefined): void {
    if (!prefix || Token.isUnresolved(prefix) || !/^\/|\/$/.test(prefix)) return;
    throw teachingError(this.scope, {
      problem: 'A prefix with a slash at an end makes a folder without a name, which the policy of the bucket does not cover',
      given: prefix,
      allowed: 'a prefix such as bedrock or logs/bedrock',
      fix: `write ${JSON.stringify(prefix.replace(/^\/+|\/+$/g, ''))}`,
    });
  }

  private create(id: string): Bucket {
    const { encryptionKey } = this.props;
    const retention = retentionOf(this.props);
    const bucket = new Bucket(this.scope, id, {
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey !== undefined || undefined,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: retention === RetentionDays.INFINITE ? undefined : [{ expiration: Duration.days(retention) }],
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'The bucket holds a log itself. CloudTrail data events tell who reads it; a bucket of yours can have an access log too.',
    });
    return bucket;
  }

  /** @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html */
  private letBedrockWrite(bucket: IBucket, prefix: string | undefined): void {
    const folder = `${prefix ? `${prefix}/` : ''}AWSLogs/${Stack.of(this.scope).account}/BedrockModelInvocationLogs/*`;
    const objects = bucket.arnForObjects(folder);
    if (this.writable.has(objects)) return;
    this.writable.add(objects);
    const { statementAdded } = bucket.addToResourcePolicy(new PolicyStatement({
      principals: [bedrockOfPlace(this.scope)], actions: ['s3:PutObject'], resources: [objects],
    }));
    if (!statementAdded) this.warnOfBucket(objects);
    this.letBedrockEncrypt(bucket);
  }

  private letBedrockEncrypt({ encryptionKey: key }: IBucket): void {
    if (!key || this.writable.has(key.keyArn)) return;
    this.writable.add(key.keyArn);
    const { statementAdded } = key.addToResourcePolicy(new PolicyStatement({
      principals: [bedrockOfPlace(this.scope)], actions: ['kms:GenerateDataKey'], resources: ['*'],
    }), true);
    if (!statementAdded) warnOfKey(this.scope);
  }

  private warnOfBucket(objects: string): void {
    warn(this.scope, {
      id: 'invocationLogBucketPolicy',
      message: 'The bucket of the invocation log is imported, and its policy stays as it is. It has to let bedrock.amazonaws.com '
        + `s3:PutObject on ${Token.isUnresolved(objects) ? '<prefix>/AWSLogs/<account>/BedrockModelInvocationLogs/*' : objects}, as `
        + 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html shows.',
    });
  }
}
