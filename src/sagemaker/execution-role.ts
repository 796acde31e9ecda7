import { ArnFormat, Fn, Stack } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EndpointNetwork } from './endpoint-network';
import { ModelArtifacts, ModelConfig } from './model-config';
import { Serving } from './serving';
import { serviceOfAccount } from '../standards/identities/service-of-account';
import { acknowledgeWildcards } from '../standards/late-values/acknowledge-wildcards';
import { requireNoHiddenWildcards } from '../standards/late-values/hidden-wildcards';

/** What the role of an endpoint depends on. */
export interface ExecutionRoleOptions {
  readonly model: ModelConfig;
  readonly logGroup: ILogGroup;
  readonly serving: Serving;
  readonly network?: EndpointNetwork;
  readonly encryptionKey?: IKey;
}

/** Where SageMaker puts the metrics of an endpoint and of its instances. */
const METRIC_NAMESPACES = ['AWS/SageMaker', '/aws/sagemaker/Endpoints'];

/**
 * The role under which SageMaker loads and runs the model: what AWS lists for CreateModel, narrowed to this model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function createExecutionRole(scope: Construct, options: ExecutionRoleOptions): Role {
  const role = new Role(scope, 'ExecutionRole', { assumedBy: serviceOfAccount(scope, 'sagemaker.amazonaws.com') });
  const policy = new Policy(role, 'Policy', {
    statements: [
      ...(options.model.artifacts ? readArtifacts(scope, options.model.artifacts) : []),
      ...pullImage(options.model.image.repositoryArn),
      writeLogs(options.logGroup),
      publishMetrics(),
      ...joinNetwork(scope, options.network),
      ...useKey(options.encryptionKey),
      ...options.serving.roleStatements,
    ],
  });
  role.attachInlinePolicy(policy);
  const { artifacts } = options.model;
  const named = artifacts && !artifacts.resolved ? [artifactsArn(scope, artifacts)] : [];
  requireNoHiddenWildcards(policy, [...named, ...options.serving.payloads]);
  acknowledge(scope, policy, options);
  return role;
}

function readArtifacts(scope: Construct, artifacts: ModelArtifacts): PolicyStatement[] {
  const { key, isArchive, encryptionKey } = artifacts;
  return [
    new PolicyStatement({ sid: 'ReadModelArtifacts', actions: ['s3:GetObject'], resources: [artifactsArn(scope, artifacts)] }),
    new PolicyStatement({
      sid: 'ListModelArtifacts',
      actions: ['s3:ListBucket'],
      resources: [bucketArn(scope, artifacts)],
      conditions: { StringLike: { 's3:prefix': isArchive ? [key] : [key, `${key}*`] } },
    }),
    ...(encryptionKey
      ? [new PolicyStatement({ sid: 'DecryptModelArtifacts', actions: ['kms:Decrypt'], resources: [encryptionKey.keyArn] })] : []),
  ];
}

function bucketArn(scope: Construct, { bucketName }: ModelArtifacts): string {
  return Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: bucketName, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

function artifactsArn(scope: Construct, artifacts: ModelArtifacts): string {
  return `${bucketArn(scope, artifacts)}/${artifacts.key}${artifacts.isArchive ? '' : '*'}`;
}

function pullImage(repositoryArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'PullModelImage',
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repositoryArn],
    }),
    new PolicyStatement({ sid: 'SignInToEcr', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
  ];
}

function writeLogs(logGroup: ILogGroup): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteOwnLogs',
    // Not CreateLogGroup: the last lines come after the stack has deleted the group, and a new one would stop the next deployment.
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

function publishMetrics(): PolicyStatement {
  return new PolicyStatement({
    sid: 'PublishEndpointMetrics',
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACES } },
  });
}

function joinNetwork(scope: Construct, network: EndpointNetwork | undefined): PolicyStatement[] {
  if (!network) return [];
  const inVpc = { ArnEquals: { 'ec2:Vpc': network.vpc.vpcArn } };
  const interfaces = ec2Arn(scope, 'network-interface', '*');
  return [
    new PolicyStatement({
      sid: 'CreateNetworkInterface',
      actions: ['ec2:CreateNetworkInterface'],
      resources: [
        interfaces,
        ...network.subnetIds.map(subnet => subnetArn(network.vpc, subnet)),
        ...network.securityGroups.map(group => ec2Arn(scope, 'security-group', group.securityGroupId)),
      ],
    }),
    new PolicyStatement({
      sid: 'UseNetworkInterfacesOfVpc',
      actions: ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission'],
      resources: [interfaces],
      conditions: inVpc,
    }),
    new PolicyStatement({
      sid: 'DescribeNetwork',
      actions: [
        'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
  ];
}

/** Subnets belong to the owner of their VPC, which of a shared one is another account. */
function subnetArn({ vpcArn }: IVpc, subnet: string): string {
  // Not Arn.split: it takes an ARN with a token in it for one that is known only at deployment.
  const parts = vpcArn.split(':');
  const [partition, region, account] = [1, 3, 4].map(at => (parts.length === 6 ? parts[at] : Fn.select(at, Fn.split(':', vpcArn))));
  return `arn:${partition}:ec2:${region}:${account}:subnet/${subnet}`;
}

function ec2Arn(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
}

function useKey(key: IKey | undefined): PolicyStatement[] {
  if (!key) return [];
  return [
    new PolicyStatement({ sid: 'FindVolumeKey', actions: ['kms:DescribeKey'], resources: [key.keyArn] }),
    letVolumesUse(key),
  ];
}

/**
 * For whoever makes an endpoint whose disks have a key: SageMaker asks KMS for the grant in the name of the caller, and of the role.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
 */
export function letVolumesUse(key: IKey): PolicyStatement {
  return new PolicyStatement({
    sid: 'LetVolumesUseKey',
    actions: ['kms:CreateGrant'],
    resources: [key.keyArn],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  });
}

function acknowledge(scope: Construct, policy: Policy, { model, network, serving }: ExecutionRoleOptions): void {
  if (model.artifacts && !model.artifacts.isArchive) {
    acknowledgeWildcards(policy, [artifactsArn(scope, model.artifacts)],
      'The model is a set of uncompressed files: SageMaker reads every object under this one version of this one model.');
  }
  acknowledgeWildcards(policy, ['*'],
    'AWS defines ecr:GetAuthorizationToken and the EC2 Describe actions without resources; ' +
    'cloudwatch:PutMetricData is narrowed to the namespaces of SageMaker endpoints by a condition.');
  acknowledgeWildcards(policy, serving.payloads, 'The payloads of this one endpoint: their names are made as requests come.');
  if (!network) return;
  acknowledgeWildcards(policy, [ec2Arn(scope, 'network-interface', '*')],
    'SageMaker makes the network interfaces itself, so their ids are not known before; subnets, security groups and VPC are exact.');
}
