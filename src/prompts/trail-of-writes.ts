import { Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WatchedStore } from './foreign-writes';
import { PROMPT_REGISTRY } from '../contract/data';
import { serviceOfAccount } from '../standards/identities/service-of-account';

const { foreignWrites } = PROMPT_REGISTRY;

/**
 * A trail of the writes to a registry, and of nothing else. Without one that logs them EventBridge gets none of their events.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export function trailOfWrites(scope: Construct, logs: Bucket, { bucketArn, tableArn }: WatchedStore): CfnTrail {
  const trail = new CfnTrail(scope, 'Trail', {
    s3BucketName: logs.bucketName,
    s3KeyPrefix: foreignWrites.trailPrefix,
    isLogging: true,
    enableLogFileValidation: true,
    advancedEventSelectors: [
      writesOf('AWS::S3::Object', { startsWith: [`${bucketArn}/`] }),
      writesOf('AWS::DynamoDB::Table', { equalTo: [tableArn] }),
    ],
  });
  trail.node.addDependency(...allowDelivery(logs));
  return trail;
}

function writesOf(type: string, resources: Partial<CfnTrail.AdvancedFieldSelectorProperty>): CfnTrail.AdvancedEventSelectorProperty {
  return {
    fieldSelectors: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: [type] },
      { field: 'readOnly', equalTo: ['false'] },
      { field: 'resources.ARN', ...resources },
    ],
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
function allowDelivery(logs: Bucket): Construct[] {
  const cloudTrail = serviceOfAccount(logs, 'cloudtrail.amazonaws.com');
  logs.addToResourcePolicy(new PolicyStatement({ principals: [cloudTrail], actions: ['s3:GetBucketAcl'], resources: [logs.bucketArn] }));
  logs.addToResourcePolicy(new PolicyStatement({
    principals: [cloudTrail],
    actions: ['s3:PutObject'],
    resources: [logs.arnForObjects(`${foreignWrites.trailPrefix}/AWSLogs/${Stack.of(logs).account}/*`)],
  }));
  return [logs.policy!];
}
