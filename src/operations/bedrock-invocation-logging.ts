import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { InvocationLogBuckets } from './invocation-log-buckets';
import { createLoggingRole, invocationLogGroup } from './invocation-log-group';
import { CloudWatchInvocationLog, InvocationData, S3InvocationLog } from './invocation-log-options';
import { LibraryFunction } from '../function/library-function';
import { placeOf } from '../standards/deployed-place';
import { sharedMark } from '../standards/marks';
import { teachingError } from '../standards/teaching-error';

const LOGS_OF_APP = 'InvocationLogs';
/** One a Region of an account, as the setting itself. */
const RECORD_NAME = '/cdk-plumbline/bedrock-invocation-logging';
/** CloudFormation waits so long; an event that is older is not worked on any more, for CloudFormation has gone on. */
const PATIENCE = Duration.minutes(15);
const LARGE_DATA_PREFIX = 'large-data';

/** Properties of `BedrockInvocationLogging`. */
export interface BedrockInvocationLoggingProps {
  /**
   * The log in CloudWatch Logs, which Logs Insights and metric filters can read.
   *
   * @default - a log in CloudWatch Logs unless there is `s3`
   */
  readonly cloudWatch?: CloudWatchInvocationLog;

  /**
   * The log in S3, as compressed JSON, for long and cheap keeping.
   *
   * @default - none, but for the large bodies of the log in CloudWatch
   */
  readonly s3?: S3InvocationLog;

  /**
   * Encrypts the log group and the bucket that the construct makes. Its policy is extended so that CloudWatch Logs and Bedrock may use it.
   *
   * @default - encryption by keys of CloudWatch Logs and S3
   */
  readonly encryptionKey?: IKey;

  /**
   * How long a log group and a bucket of the construct's own keep the log. Both stay when the construct is removed.
   *
   * @default - the retention of the standard, 90 days
   */
  readonly retention?: RetentionDays;

  /**
   * The kinds of data whose bodies are logged. Model, caller, tokens and request metadata are logged in any case.
   *
   * @default - all
   */
  readonly data?: InvocationData[];

  /**
   * The role of a log in CloudWatch that was turned on before this construct, so that it can be restored when the construct is removed.
   * A deployment that finds such a log without it fails, and names the role.
   *
   * @default - none: a log to S3 alone needs no role, and can be restored anyway
   */
  readonly formerRole?: IRole;
}

/**
 * The log of all model invocations of the account in this Region: what was asked, what was answered, by whom, and, by the request metadata
 * that the runtime adds to every call, which prompt of which service it was.
 *
 * Bedrock has this setting once an account and Region, and CloudFormation has no resource for it: a function of the library sets it, which
 * may do nothing else. When the construct is removed, it restores what was there before; a configuration that somebody else has put since
 * is left alone. Log group and buckets stay.
 *
 * Errors: a second one for the same account and Region; a bucket or log group of another account or Region; a prefix with a slash at an
 * end. At deployment: a log of another stack; a log with a role that is not `formerRole`.
 *
 * Warnings, each acknowledged by `Annotations.of(log).acknowledgeWarning('cdk-plumbline:…')`: `invocationLogBucketPolicy` and
 * `invocationLogKeyPolicy` (an imported bucket or key, whose policy you have to extend yourself).
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 * @example
 * new BedrockInvocationLogging(stack, 'InvocationLogging', { encryptionKey: key, retention: RetentionDays.ONE_YEAR });
 */
export class BedrockInvocationLogging extends Construct {
  /** The invocation log of the account and Region that `scope` is deployed to, when the app has one. */
  public static tryOf(scope: IConstruct): BedrockInvocationLogging | undefined {
    return logsOfApp(scope).get(placeKey(scope));
  }

  /** The log group, of a log in CloudWatch. */
  public readonly logGroup?: ILogGroup;
  /** The bucket, of a log in S3. */
  public readonly bucket?: IBucket;
  /** The bucket of the bodies that are too large for CloudWatch. */
  public readonly largeDataBucket?: IBucket;
  /** The role that Bedrock writes to CloudWatch with. */
  public readonly role?: IRole;

  constructor(scope: Construct, id: string, props: BedrockInvocationLoggingProps = {}) {
    super(scope, id);
    this.requireOnlyOne();
    const { s3, cloudWatch = s3 ? undefined : {} } = props;
    const buckets = new InvocationLogBuckets(this, props);
    const s3Config = s3 && buckets.destination(s3);
    this.bucket = s3Config?.bucket;
    const largeData = cloudWatch
      && buckets.destination({ prefix: LARGE_DATA_PREFIX, bucket: this.bucket, ...cloudWatch.largeData });
    this.largeDataBucket = largeData?.bucket;
    this.logGroup = cloudWatch && invocationLogGroup(this, cloudWatch.logGroup, props);
    this.role = this.logGroup && createLoggingRole(this, this.logGroup);

    const fn = this.createFunction(props.formerRole);
    const configuration = new CustomResource(this, 'Configuration', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::BedrockInvocationLogging',
      serviceTimeout: PATIENCE,
      properties: {
        recordName: RECORD_NAME,
        formerRoleArn: props.formerRole?.roleArn ?? '',
        loggingConfig: {
          ...(this.logGroup && {
            cloudWatchConfig: {
              logGroupName: this.logGroup.logGroupName, roleArn: this.role!.roleArn, largeDataDeliveryS3Config: largeData!.config,
            },
          }),
          ...(s3Config && { s3Config: s3Config.config }),
          ...deliveredData(props.data),
        },
      },
    });
    // Bedrock tries its permissions out when it is told of them.
    const destinations = [this.logGroup, this.role, this.bucket, this.largeDataBucket, props.encryptionKey];
    configuration.node.addDependency(fn, ...destinations.filter(destination => destination !== undefined));
  }

  private requireOnlyOne(): void {
    const logs = logsOfApp(this);
    const first = logs.get(placeKey(this));
    if (first) {
      throw teachingError(this, {
        problem: 'Bedrock has one invocation log an account and Region, and the app has one for these already',
        given: this.node.id,
        allowed: `one BedrockInvocationLogging, here ${first.node.path}`,
        fix: 'use the first one: BedrockInvocationLogging.tryOf(scope) finds it',
      });
    }
    logs.set(placeKey(this), this);
  }

  private createFunction(formerRole?: IRole): LibraryFunction {
    const roles = [this.role, formerRole].filter(role => role !== undefined);
    const record = Stack.of(this).formatArn({
      service: 'ssm', resource: 'parameter', resourceName: RECORD_NAME.slice(1), arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return new LibraryFunction(this, 'Function', {
      name: 'invocation-logging',
      maxEventAge: PATIENCE,
      statements: [
        ...(roles.length === 0 ? [] : [new PolicyStatement({
          sid: 'GiveBedrockItsRole',
          actions: ['iam:PassRole'],
          resources: roles.map(({ roleArn }) => roleArn),
          conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
        })]),
        new PolicyStatement({
          sid: 'RememberWhatWasBefore',
          actions: ['ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:PutParameter'],
          resources: [record],
        }),
      ],
      actionsWithoutResources: ['Delete', 'Get', 'Put'].map(verb => `bedrock:${verb}ModelInvocationLoggingConfiguration`),
    });
  }
}

function logsOfApp({ node: { root } }: IConstruct): Map<string, BedrockInvocationLogging> {
  return sharedMark(root, LOGS_OF_APP, () => new Map<string, BedrockInvocationLogging>());
}

const placeKey = (scope: IConstruct): string => JSON.stringify(placeOf(Stack.of(scope)));

/** Each kind is said, on or off: what Bedrock takes for one that is not said, it can change. */
function deliveredData(kinds: readonly InvocationData[] = Object.values(InvocationData)): Record<string, boolean> {
  return Object.fromEntries(Object.values(InvocationData).map(kind => [`${kind.toLowerCase()}DataDeliveryEnabled`, kinds.includes(kind)]));
}
