import { ArnFormat, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PROMPT_REGISTRY } from '../contract/data';
import { standardAlarm } from '../observability/standard-alarm';

const { foreignWrites } = PROMPT_REGISTRY;

/** Where nobody but the writers may put anything. */
export interface WatchedStore {
  readonly bucketArn: string;
  readonly tableArn: string;
  /** The ARNs of the roles that may; known when the template is made. */
  readonly writers: () => string[];
  /** The ARNs of the roles that may update an item, and do nothing else. */
  readonly auditors: () => string[];
}

/**
 * An alarm on every write to a registry by somebody else, and on every attempt to delete: also on those that were denied.
 *
 * Only CloudTrail tells who it was: the events that S3 sends itself name an account, and DynamoDB sends none. The event, with identity,
 * address and time, is kept in a log group.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function watchForeignWrites(scope: Construct, store: WatchedStore): Alarm {
  const log = evidenceLog(scope);
  const rule = new CfnRule(scope, 'ForeignWrites', {
    description: 'Writes to the prompt registry that are not the pipeline\'s, and deletes',
    eventPattern: Lazy.any({ produce: () => foreignWritePattern(store) }),
    targets: [{ id: 'Evidence', arn: logGroupArn(log) }],
  });
  const { metricName, namespace, statistic } = foreignWrites.metric;
  return standardAlarm(scope, 'ForeignWriteAlarm', {
    kind: 'PromptRegistry-ForeignWrite',
    nameParts: ['PromptRegistry-ForeignWrite'],
    rings: 'Somebody other than the pipeline wrote to the prompt registry, or deleted there, or tried to; '
      + `the log group ${log.logGroupName} says who.`,
    metric: new Metric({ namespace, metricName, statistic, dimensionsMap: { RuleName: rule.ref }, period: Duration.minutes(5) }),
    threshold: 0,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** A user, root or a service has no role behind it, and `anything-but` overlooks what is not there. */
function foreignWritePattern({ bucketArn, tableArn, writers, auditors }: WatchedStore): unknown {
  const audit = auditors();
  const issuer = (arn: unknown): object => ({ userIdentity: { sessionContext: { sessionIssuer: { arn } } } });
  return {
    'detail-type': ['AWS API Call via CloudTrail'],
    'source': ['aws.s3', 'aws.dynamodb'],
    'detail': {
      readOnly: [false],
      resources: { ARN: [bucketArn, tableArn] },
      $or: [
        issuer([{ 'anything-but': [...writers(), ...audit] }]),
        issuer([{ exists: false }]),
        { eventName: [{ prefix: 'Delete' }] },
        ...audit.length > 0 ? [{ ...issuer(audit), eventName: [{ 'anything-but': ['UpdateItem'] }] }] : [],
      ],
    },
  };
}

function evidenceLog(scope: Construct): LogGroup {
  const log = new LogGroup(scope, 'ForeignWriteLog', { retention: RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN });
  // EventBridge asks as two services, and names no account of its own rule.
  log.addToResourcePolicy(new PolicyStatement({
    principals: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(service => new ServicePrincipal(service)),
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`${logGroupArn(log)}:*`],
  }));
  return log;
}

/** Without the `:*` that the CDK ends it with. */
function logGroupArn(log: LogGroup): string {
  return Stack.of(log).formatArn({
    service: 'logs', resource: 'log-group', resourceName: log.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
