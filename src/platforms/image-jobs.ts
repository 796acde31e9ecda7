import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PlatformFunction } from './platform-function';
import { StandardWebsite } from '../api/standard-website';
import { websiteBucket } from '../api/website-buckets';
import { PLATFORMS } from '../contract/data';
import { HandlerKind } from '../function/handler-kind';
import { ServiceTraffic } from '../function/service-traffic';
import { standardAlarm } from '../observability/standard-alarm';
import { GenAiEndpoint } from '../sagemaker/gen-ai-endpoint';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';

const { picture, queue: QUEUE, storage, table: TABLE, variables } = PLATFORMS.imageGeneration;

interface ImageJobsProps {
  readonly vpc: IVpc;
  readonly endpoint: GenAiEndpoint;
  readonly website: StandardWebsite;
  readonly origin: string;
}

/** How a wish becomes a picture: the state of each job, the queue that it waits in, and the worker that asks the model. */
export class ImageJobs extends Construct {
  public readonly pictures: Bucket;
  public readonly table: Table;
  public readonly queue: Queue;
  public readonly deadLetterQueue: Queue;
  /** Takes jobs, and tells their state. */
  public readonly api: PlatformFunction;
  /** Asks the model, and keeps the picture. */
  public readonly worker: PlatformFunction;

  constructor(scope: Construct, id: string, { vpc, endpoint, website, origin }: ImageJobsProps) {
    super(scope, id);
    this.pictures = websiteBucket(this, 'Pictures', {
      logs: website.logBucket, logPrefix: storage.logPrefix, expiration: Duration.days(storage.pictureDays),
    });
    this.table = new Table(this, 'Table', {
      partitionKey: { name: TABLE.key, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE.expiry,
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Of no use once its jobs are over.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.deadLetterQueue = new Queue(this, 'DeadLetters', { ...closed(), retentionPeriod: Duration.days(storage.deadLetterDays) });
    this.queue = new Queue(this, 'Queue', {
      ...closed(),
      visibilityTimeout: Duration.seconds(QUEUE.visibilitySeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: QUEUE.maxReceives },
    });
    const environment = { [variables.jobTable]: this.table.tableName, [variables.jobQueueUrl]: this.queue.queueUrl };
    this.api = new PlatformFunction(this, 'Api', 'image-jobs', {
      vpc, allowOrigins: [origin], environment: { ...environment, [variables.baseUrl]: website.url },
    });
    this.worker = new PlatformFunction(this, 'Worker', 'image-worker', {
      vpc,
      kind: HandlerKind.EVENT,
      traffic: ServiceTraffic.SPORADIC,
      environment: { ...environment, [variables.endpoint]: endpoint.endpointName, [variables.bucket]: this.pictures.bucketName },
    });
    this.worker.addEventSource(new SqsEventSource(this.queue, { batchSize: QUEUE.batchSize, reportBatchItemFailures: true }));
    this.permit();
    this.watchDeadLetters();
    endpoint.grantInvoke(this.worker);
  }

  private watchDeadLetters(): void {
    standardAlarm(this, 'DeadLetterAlarm', {
      kind: 'ImageJobs-DeadLetters',
      rings: 'A job of the image platform failed again and again.',
      nameParts: ['ImageJobs', 'DeadLetters'],
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: Stats.MAXIMUM }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Action by action: the CDK's grants name more than the functions do. */
  private permit(): void {
    this.table.grant(this.api, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    this.table.grant(this.worker, 'dynamodb:UpdateItem');
    this.queue.grant(this.api, 'sqs:SendMessage');
    const names = this.pictures.arnForObjects(`${picture.keyPrefix}*`);
    const statement = new PolicyStatement({ actions: ['s3:PutObject'], resources: [names] });
    const policy = new Policy(this, 'StorePictures', { statements: [statement] });
    this.worker.role!.attachInlinePolicy(policy);
    acknowledgeWildcards(policy, [names], 'Pictures are named by their jobs, as these come.');
  }
}

function closed() {
  return { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
}
