import { Validations } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerImage, FargateService, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Step } from '../step';
import { BedrockTaskRole, CatalogMetric, MissingMetricAlarm, Standards } from 'cdk-plumbline';

const SERVICE = 'picks';

/** Properties of the `PicksService`. */
export interface PicksServiceProps {
  /** How far the shop has come. */
  readonly step: Step;
  /** The id of the model that writes the picks. */
  readonly model: string;
}

/** Writes picks for the shop window: a task on Fargate. */
export class PicksService extends Construct {
  constructor(scope: Construct, id: string, { step, model }: PicksServiceProps) {
    super(scope, id);
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: 256,
      memoryLimitMiB: 512,
      taskRole: step < Step.DONE ? this.createRole() : this.createStandardRole(model),
    });
    task.addContainer(SERVICE, {
      image: ContainerImage.fromEcrRepository(Repository.fromRepositoryName(this, 'Images', 'bookshop/picks'), '1'),
      environment: { MODEL: model, ...step >= Step.DONE && this.identity() },
      logging: LogDrivers.awsLogs({ streamPrefix: SERVICE }),
    });
    const vpc = new Vpc(this, 'Vpc', {
      // Named, so that a synthesis asks no account.
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }],
    });
    new FargateService(this, 'Service', {
      cluster: new Cluster(this, 'Cluster', { vpc }), taskDefinition: task, desiredCount: 1, minHealthyPercent: 100, assignPublicIp: true,
    });
    if (step >= Step.DONE) this.addAlarms();
  }

  private createRole(): IRole {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: ['arn:aws:bedrock:*::foundation-model/*'] }));
    return role;
  }

  private createStandardRole(model: string): IRole {
    const role = new BedrockTaskRole(this, 'Role', { allowedModels: [model], assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
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

  /** Who emits the metrics: what the mixin tells a function. */
  private identity(): Record<string, string> {
    const { product, environment } = Standards.of(this);
    return { PLUMBLINE_PRODUCT: product, PLUMBLINE_ENVIRONMENT: environment, PLUMBLINE_SERVICE_NAME: SERVICE };
  }

  private addAlarms(): void {
    for (const metric of [CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.LATENCY_END_TO_END_MS]) {
      new MissingMetricAlarm(this, `${metric.id}Missing`, { metric, serviceName: SERVICE });
    }
  }
}
