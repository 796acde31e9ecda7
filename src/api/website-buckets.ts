import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, BucketProps, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WEBSITE } from '../contract/data';
import { serviceOfAccount } from '../standards/identities/service-of-account';

const A_DAY = Duration.days(1);

/** What a bucket of a website is beside closed. */
interface WebsiteBucketProps {
  readonly logs: Bucket;
  /** Where in the log bucket its access log is. */
  readonly logPrefix: string;
  /** So long an object is kept; for good when not given. */
  readonly expiration?: Duration;
}

/** A private bucket that a distribution reads. */
export function websiteBucket(scope: Construct, id: string, { logs, logPrefix, expiration }: WebsiteBucketProps): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(),
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration, abortIncompleteMultipartUploadAfter: A_DAY }],
  });
  logAccess(bucket, logs, logPrefix);
  return bucket;
}

/** Where S3 logs access to the pages, and CloudFront the requests where it can: it writes by an access control list. */
export function websiteLogBucket(scope: Construct, id: string, takesLogOfCloudFront: boolean): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(),
    objectOwnership: takesLogOfCloudFront ? ObjectOwnership.BUCKET_OWNER_PREFERRED : ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: Duration.days(WEBSITE.logDays), abortIncompleteMultipartUploadAfter: A_DAY }],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It is the log bucket itself: a log of its own writes would log its own writes.',
  });
  return bucket;
}

/** By the log bucket's policy. The CDK takes an ACL unless a feature flag of the app says otherwise. */
function logAccess(bucket: Bucket, logs: Bucket, logFilePrefix: string): void {
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: logs.bucketName, logFilePrefix };
  logs.addToResourcePolicy(new PolicyStatement({
    actions: ['s3:PutObject'],
    resources: [logs.arnForObjects(`${logFilePrefix}*`)],
    principals: [serviceOfAccount(bucket, 'logging.s3.amazonaws.com')],
    conditions: { ArnLike: { 'aws:SourceArn': bucket.bucketArn } },
  }));
}

/** Under keys of S3: what is here everybody may read, and CloudFront writes its log under no key of ours. */
function closed(): BucketProps {
  return {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
  };
}
