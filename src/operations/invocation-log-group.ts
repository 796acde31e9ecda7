import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bedrockOfPlace } from './bedrock-of-place';
import { requireSamePlace } from './invocation-log-place';
import { LOGGING } from '../contract/data';
import { serviceHost } from '../standards/identities/service-host';
import { noteDefaultRetention } from '../standards/information';
import { warn } from '../standards/warnings';

/** The one log stream that Bedrock writes to. */
const LOG_STREAM = 'aws/bedrock/modelinvocations';

/** What the standard keeps a log for, when nobody says otherwise. */
export function retentionOf({ retention }: { readonly retention?: RetentionDays }): RetentionDays {
  return retention ?? LOGGING.retentionDays;
}

/** The log group given, or a new one. */
export function invocationLogGroup(
  scope: Construct, given: ILogGroup | undefined, props: { readonly retention?: RetentionDays; readonly encryptionKey?: IKey },
): ILogGroup {
  if (given) return requireSamePlace(scope, 'log group', given);
  const { encryptionKey } = props;
  const logGroup = new LogGroup(scope, 'LogGroup', { retention: retentionOf(props), encryptionKey });
  if (props.retention === undefined) noteDefaultRetention(logGroup);
  if (encryptionKey) {
    letLogsUse(scope, encryptionKey);
    logGroup.node.addDependency(encryptionKey); // CloudWatch Logs refuses a key that it may not use.
  }
  return logGroup;
}

/**
 * The role by which Bedrock writes to its log stream in the group, and to nothing else.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export function createLoggingRole(scope: Construct, logGroup: ILogGroup): Role {
  const role = new Role(scope, 'Role', { assumedBy: bedrockOfPlace(scope), description: 'Bedrock writes the log of model invocations' });
  const stream = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${logGroup.logGroupName}:log-stream:${LOG_STREAM}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.attachInlinePolicy(new Policy(role, 'WriteLog', {
    statements: [new PolicyStatement({
      sid: 'WriteInvocationLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [stream],
    })],
  }));
  return role;
}

/**
 * A statement that named the log group would refer from the key to what is encrypted by it: a circle.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function letLogsUse(scope: Construct, key: IKey): void {
  const groups = Stack.of(scope).formatArn({
    service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const { statementAdded } = key.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal(serviceHost('logs', Stack.of(scope).region))],
    actions: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups } },
  }), true);
  if (!statementAdded) warnOfKey(scope);
}

/** The policy of an imported key stays as it is. */
export function warnOfKey(scope: Construct): void {
  warn(scope, {
    id: 'invocationLogKeyPolicy',
    message: 'The KMS key of the invocation log is imported, and its policy stays as it is. It has to let bedrock.amazonaws.com '
      + 'kms:GenerateDataKey for its bucket, and logs.<Region>.amazonaws.com encrypt its log group, as '
      + 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html and '
      + 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html show.',
  });
}
