import { Duration, RemovalPolicy, Tags, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey, Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess, Bucket, BucketEncryption, BucketProps, CfnBucket, ObjectLockRetention, ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PROMPT_REGISTRY } from '../contract/data';
import { serviceOfAccount } from '../standards/identities/service-of-account';

const { storage, table: KEYS } = PROMPT_REGISTRY;
const DAYS_OF_LOGS = Duration.days(storage.logDays);
/** So long stays what is of no use: the remains of an upload that broke off, or a log after its time. */
const A_DAY = Duration.days(1);

/** What everything of a registry outlives: the stack that made it. */
const KEPT = RemovalPolicy.RETAIN;

/** A key that encrypts what a registry keeps. */
export function storageKey(scope: Construct, id: string, description: string): Key {
  return new Key(scope, id, { description, enableKeyRotation: true, removalPolicy: KEPT });
}

/** The key that signs: asymmetric, so that who verifies needs no right to sign, and AWS rotates none of its kind. */
export function signingKey(scope: Construct, id: string): Key {
  const keySpec = KeySpec[PROMPT_REGISTRY.signing.keySpec];
  return new Key(scope, id, { description: 'Signs the prompt registry', keySpec, keyUsage: KeyUsage.SIGN_VERIFY, removalPolicy: KEPT });
}

/** The bucket that the access log and the trail are written to. */
export function logBucket(scope: Construct, id: string): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(),
    // S3 writes access logs to buckets under its own keys only.
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: DAYS_OF_LOGS, noncurrentVersionExpiration: A_DAY, abortIncompleteMultipartUploadAfter: A_DAY }],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It is the log bucket itself: a log of its own writes would log its own writes.',
  });
  return bucket;
}

/** What a bucket of prompts is beside closed. */
interface PromptBucketProps {
  readonly encryptionKey: IKey;
  readonly logs: Bucket;
  /** Where in the log bucket its access log is. */
  readonly logPrefix: string;
  /** So long nobody can delete a version. */
  readonly retention?: Duration;
}

/**
 * A bucket of prompts. Without S3 bucket keys: only so does the encryption context name the object, and the key can be granted for some.
 */
export function promptBucket(scope: Construct, id: string, { encryptionKey, logs, logPrefix, retention }: PromptBucketProps): Bucket {
  const bucket = new Bucket(scope, id, {
    ...closed(),
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: false,
    ...retention && { objectLockEnabled: true, objectLockDefaultRetention: ObjectLockRetention.compliance(retention) },
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: A_DAY }],
  });
  logAccess(bucket, logs, logPrefix);
  if (retention) Tags.of(bucket).add(storage.tag, 'registry');
  return bucket;
}

/** By the log bucket's policy. The CDK takes an ACL unless a feature flag of the app says otherwise, and a closed bucket has none. */
function logAccess(bucket: Bucket, logs: Bucket, logPrefix: string): void {
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: logs.bucketName, logFilePrefix: logPrefix };
  logs.addToResourcePolicy(new PolicyStatement({
    actions: ['s3:PutObject'],
    resources: [logs.arnForObjects(`${logPrefix}*`)],
    principals: [serviceOfAccount(bucket, 'logging.s3.amazonaws.com')],
    conditions: { ArnLike: { 'aws:SourceArn': bucket.bucketArn } },
  }));
}

function closed(): BucketProps {
  return {
    versioned: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: KEPT,
  };
}

/** The table of records, approvals, deployments and events. No TableV2: that takes a key only in a stack whose Region is known. */
export function promptTable(scope: Construct, id: string, encryptionKey: IKey): Table {
  return new Table(scope, id, {
    partitionKey: { name: KEYS.partitionKey, type: AttributeType.STRING },
    sortKey: { name: KEYS.sortKey, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: KEPT,
  });
}
