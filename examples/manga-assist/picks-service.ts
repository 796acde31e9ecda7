import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { FlowLogDestination, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  Cluster, ContainerImage, ContainerInsights, CpuArchitecture, FargateService, FargateTaskDefinition, LogDrivers, OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BedrockTaskRole, CatalogMetric, MissingMetricAlarm, PresenceGate, Standards } from 'cdk-plumbline';

const SERVICE = 'picks';
const EVERY_SECONDS = 60;

/** Properties of the `PicksService`. */
export interface PicksServiceProps {
  /** The id of the model that writes the picks. */
  readonly model: string;
  /**
   * The tag of the image in the repository `manga-assist/picks`, which the shop's pipeline builds from `services/picks`.
   *
   * @default "latest"
   */
  readonly imageTag?: string;
}

/** A container on Fargate that writes a pick every minute, and sends its metrics by PutMetricData. */
export class PicksService extends Construct {
  constructor(scope: Construct, id: string, { model, imageTag = 'latest' }: PicksServiceProps) {
    super(scope, id);
    const taskDefinition = this.createTask(model, imageTag);
    new FargateService(this, 'Service', {
      cluster: this.createCluster(),
      taskDefinition,
      desiredCount: 1,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
      // Nobody can reach it: its security group lets nothing in.
      assignPublicIp: true,
    });
    for (const metric of [CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.LATENCY_END_TO_END_MS]) {
      new MissingMetricAlarm(this, `${metric.id}Missing`, { metric, serviceName: SERVICE });
    }
    new PresenceGate(this, 'Gate', {
      serviceName: SERVICE,
      exemption: { reason: 'It works by the clock and takes no requests. Its circuit breaker and the alarms on its silence watch it.' },
    });
  }

  /** Public subnets and no NAT gateway, which would cost more than the service. */
  private createCluster(): Cluster {
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }],
      flowLogs: { All: { destination: FlowLogDestination.toCloudWatchLogs(this.createLogGroup('FlowLogs')) } },
    });
    return new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED });
  }

  private createTask(model: string, imageTag: string): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      taskRole: this.createRole(model),
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    task.addContainer(SERVICE, {
      image: ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, 'Images', 'manga-assist/picks'), imageTag),
      command: ['python', 'picks.py'],
      environment: { ...this.identity(), PICKS_MODEL: model, PICKS_EVERY_SECONDS: String(EVERY_SECONDS) },
      logging: LogDrivers.awsLogs({ streamPrefix: SERVICE, logGroup: this.createLogGroup('Logs') }),
      readonlyRootFilesystem: true,
    });
    Validations.of(task).acknowledge({ id: 'AwsSolutions-ECS2', reason: 'The variables of the task hold names and no secret.' });
    Validations.of(task.obtainExecutionRole()).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ecr:GetAuthorizationToken takes no resource.',
    });
    return task;
  }

  /** Who emits the metrics: what StandardLambda tells a function. */
  private identity(): Record<string, string> {
    const { product, environment } = Standards.of(this);
    return { PLUMBLINE_PRODUCT: product, PLUMBLINE_ENVIRONMENT: environment, PLUMBLINE_SERVICE_NAME: SERVICE };
  }

  private createRole(model: string): BedrockTaskRole {
    const role = new BedrockTaskRole(this, 'Role', {
      allowedModels: [model],
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': `${Standards.of(this).product}/*` } },
    }));
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]', reason: 'cloudwatch:PutMetricData takes no resource; the condition names the namespaces.',
    });
    return role;
  }

  private createLogGroup(id: string): LogGroup {
    return new LogGroup(this, id, { retention: RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
  }
}
