import { createHash } from 'crypto';
import { Duration, Fn, Lazy, Names, RemovalPolicy, Resource, Size, Stack } from 'aws-cdk-lib';
import { Connections, IConnectable, ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnNotebookInstance, CfnNotebookInstanceLifecycleConfig } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { GenAiEndpoint } from './gen-ai-endpoint';
import { notebookNetwork } from './notebook-network';
import {
  requireIdleMinutes, requireNotebookType, requireOwnPlace, requireRemakeable, requireVolumeGiB,
} from './notebook-requirements';
import { createNotebookRole } from './notebook-role';
import { onStartScript } from './notebook-script';
import { notebookSettings } from './notebook-settings';
import { ENDPOINT_SETTINGS } from '../contract/data';

const { platform: PLATFORM, defaultInstanceType, maxNameCharacters } = ENDPOINT_SETTINGS.notebook;
const HASH_LENGTH = 8;

/** Properties of `ModelNotebook`. */
export interface ModelNotebookProps {
  /** The endpoint that the notebook is for. Of the same account and Region. */
  readonly endpoint: GenAiEndpoint;

  /**
   * The VPC that the instance stands in. It needs a way to the API of SageMaker, else the instance can neither see the endpoint nor stop.
   *
   * @default - that of the endpoint; an endpoint without one is an error
   */
  readonly vpc?: IVpc;

  /**
   * Private subnets of the VPC; the instance stands in the first.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the instance.
   *
   * @default - a new one that lets HTTPS out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * What the notebook runs on. The model runs on the endpoint, so a small one is enough.
   *
   * @default ml.t3.medium
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2023.html
   */
  readonly instanceType?: string;

  /**
   * How long nobody works before the instance stops: whole minutes, from 5 to a week. A cell that runs is work, and so is a terminal; an
   * open page is none. What Jupyter does not tell counts as nobody.
   *
   * @default Duration.hours(1)
   */
  readonly idleStop?: Duration;

  /**
   * The disk with the user's files: whole GiB, from 5 to 16384.
   *
   * @default Size.gibibytes(5)
   */
  readonly volumeSize?: Size;

  /**
   * Encrypts the disk.
   *
   * @default - a new key, which is rotated, and deleted with the instance and its disk
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether the instance makes the endpoint anew, of its own configuration, where somebody deleted it by hand. Only for an endpoint that
   * hosts its model itself, which is one without `scaleToZero`.
   *
   * @default false: it only looks
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md#notebook
   */
  readonly deployWhenMissing?: boolean;
}

/**
 * A notebook instance for one endpoint, in a private subnet, encrypted, without root and without direct internet access. It watches the
 * endpoint from the background, writes what it sees to `plumbline/status.json` and `plumbline/status.ipynb`, and stops when nobody works.
 *
 * Its role may look at this endpoint, invoke it, and stop this instance; nothing else. `grantPrincipal` takes further grants.
 *
 * Errors: an endpoint of another account or Region; no VPC; a public subnet; an instance type without the platform of the notebook; an
 * `idleStop` or `volumeSize` that SageMaker or the script does not take; `deployWhenMissing` with `scaleToZero`.
 */
export class ModelNotebook extends Resource implements IGrantable, IConnectable {
  /** Name of the instance. */
  public readonly notebookName: string;
  /** The role under which the notebook calls AWS. */
  public readonly role: IRole;
  /** The role: what is granted to the notebook is granted to it. */
  public readonly grantPrincipal: IPrincipal;
  /** The network access of the instance. */
  public readonly connections: Connections;
  /** The key that encrypts the disk. */
  public readonly encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: ModelNotebookProps) {
    super(scope, id, { physicalName: Lazy.string({ produce: () => this.uniqueName() }) });
    const { endpoint, deployWhenMissing = false } = props;
    requireOwnPlace(this, endpoint);
    if (deployWhenMissing) requireRemakeable(this, endpoint);
    const { configName, encryptionKey: endpointKey, ...plan } = endpoint._plan;
    const settings = notebookSettings(plan, {
      idleMinutes: requireIdleMinutes(this, props.idleStop), configName: deployWhenMissing ? configName : undefined,
    });
    const instanceType = requireNotebookType(this, props.instanceType ?? defaultInstanceType);
    const volumeSizeInGb = requireVolumeGiB(this, props.volumeSize);
    const network = notebookNetwork(this, { ...props, vpc: props.vpc ?? plan.vpc });
    this.connections = new Connections({ securityGroups: network.securityGroups });
    // The disk goes with the instance, so nothing is left for the key to open.
    this.encryptionKey = props.encryptionKey ?? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
    const { role, policy } = createNotebookRole(this, {
      notebookName: this.physicalName, endpointName: plan.name, configName: settings.config, endpointKey,
    });
    this.role = role;
    this.grantPrincipal = role;
    endpoint.grantInvoke(role);

    const lifecycle = new CfnNotebookInstanceLifecycleConfig(this, 'Lifecycle', {
      onStart: [{ content: Fn.base64(onStartScript(settings)) }],
    });
    const instance = new CfnNotebookInstance(this, 'Resource', {
      notebookInstanceName: this.physicalName,
      instanceType,
      roleArn: role.roleArn,
      platformIdentifier: PLATFORM,
      kmsKeyId: this.encryptionKey.keyArn,
      volumeSizeInGb,
      subnetId: network.subnetId,
      securityGroupIds: network.securityGroups.map(group => group.securityGroupId),
      directInternetAccess: 'Disabled',
      rootAccess: 'Disabled',
      instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: '2' },
      lifecycleConfigName: lifecycle.attrNotebookInstanceLifecycleConfigName,
    });
    instance.node.addDependency(policy);
    // Before the endpoint is there, and once its stack has deleted it, nothing is to make it in CloudFormation's place.
    if (settings.config !== undefined) instance.node.addDependency(endpoint);
    this.notebookName = instance.attrNotebookInstanceName;
  }

  /** Another name where CloudFormation replaces the instance: it makes the new one before it deletes the old. */
  private uniqueName(): string {
    const { subnetId, securityGroupIds, kmsKeyId } = this.node.defaultChild as CfnNotebookInstance;
    const replacing = JSON.stringify(Stack.of(this).resolve({ PLATFORM, subnetId, securityGroupIds, kmsKeyId }));
    const hash = createHash('sha256').update(replacing).digest('hex').slice(0, HASH_LENGTH);
    const maxLength = maxNameCharacters - HASH_LENGTH - 1;
    return `${Names.uniqueResourceName(this, { maxLength, separator: '-' }).toLowerCase()}-${hash}`;
  }
}
