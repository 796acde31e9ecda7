import { CfnOutput, Duration, Lazy } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { watchForeignWrites } from './foreign-writes';
import { grantContainerReads, grantPromptReads, requireSandboxOnly } from './prompt-readers';
import { PromptReads } from './prompt-reads';
import { allowAudit, allowPublishing, allowSandbox, PublishingPlace } from './publishing';
import { alarmOnRefusedPrompts } from './refused-prompts';
import { registryParameter } from './registry-parameter';
import { logBucket, promptBucket, promptTable, signingKey, storageKey } from './registry-storage';
import { PromptStore, Registry } from './store';
import { trailOfWrites } from './trail-of-writes';
import {
  requireEnvironments, requireOwnRole, requirePipelineRoles, requirePolicyPhrases, requireRetention, requireSandbox,
} from './valid-registry';
import { guardBucket, guardSigningKey, guardTable } from './write-guards';
import { Standards } from '../standards/standards';

/** Properties of a `PromptRegistry`. */
export interface PromptRegistryProps {
  /**
   * The environments that get prompts, in the order of promotion; the last one is production. Small letters, digits and `-`, a letter
   * first, at most 32: each as the `Standards` of its services have it.
   */
  readonly environments: string[];

  /**
   * The roles of the pipeline, of the registry's own account: only they publish, approve, promote and roll back. Each gets the permissions.
   */
  readonly pipelineRoles: IRole[];

  /**
   * Whether there is a place to try prompts in beside the registry: without gates, signatures and Object Lock, for services whose
   * `Standards` have the environment `sandbox`, and for nobody else.
   *
   * @default false
   */
  readonly sandbox?: boolean;

  /**
   * So long nobody can delete a published version, nor the bucket with it, AWS and the root user included: whole days, from 1 to
   * 36,500. It can be raised later; what is published before keeps what it has.
   *
   * @default Duration.days(365)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly retention?: Duration;

  /**
   * Phrases of your own content policies, beside those that `plumbline prompts` knows: whole words, upper and lower case alike. A version
   * in which a line with one of them came, went or changed needs the safety officer.
   *
   * @default - the phrases of the standard alone
   */
  readonly policyPhrases?: string[];

  /**
   * Whether the registry brings a CloudTrail trail of the writes to its bucket and its table, which the alarm on foreign writes needs.
   * Set it to false only where a trail of the account or the organisation logs these data events already.
   *
   * @default true
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
   */
  readonly trail?: boolean;
}

/**
 * The prompts of a product: published once, approved, promoted from environment to environment, and signed, so that a service uses no
 * other words than those that somebody approved for its environment.
 *
 * A versioned bucket under Object Lock in COMPLIANCE mode keeps every version and every deployment; a table says what is deployed where;
 * a key signs both. Only the roles of the pipeline may write or sign, whatever other policies allow, and nobody may delete: an alarm
 * tells of every other try. Everything stays when the stack goes.
 *
 * `plumbline prompts` finds it by the SSM parameter of the output.
 *
 * Errors: no standards above the construct; environments that are none, twice, or not known at synth; no role of a pipeline, one that is
 * there twice, or one of another account; a retention that is not whole days from 1 to 36,500; phrases of a policy that are empty,
 * there twice, too many, or not known at synth.
 */
export class PromptRegistry extends Construct {
  /** The environments, in the order of promotion. */
  public readonly environments: string[];
  /** Every version and every deployment, under Object Lock. */
  public readonly bucket: IBucket;
  /** Records, approvals, deployments and events. */
  public readonly table: ITable;
  /** Signs what services trust. */
  public readonly signingKey: IKey;
  /** Encrypts the bucket and the table. */
  public readonly encryptionKey: IKey;
  /** Where `PromptPromoted` and `PromptRollback` are told. */
  public readonly eventBus: IEventBus;
  /** Says where the registry is: for `plumbline prompts --registry`. */
  public readonly parameter: IStringParameter;
  private readonly registry: Registry;
  private readonly writers: IRole[] = [];
  private readonly auditors: IRole[] = [];
  private readonly authors: IRole[] = [];

  constructor(scope: Construct, id: string, props: PromptRegistryProps) {
    super(scope, id);
    Standards.of(this);
    this.environments = requireEnvironments(this, props.environments);
    requirePipelineRoles(this, props.pipelineRoles);
    const retention = requireRetention(this, props.retention);
    const policyPhrases = requirePolicyPhrases(this, props.policyPhrases ?? []);

    const logs = logBucket(this, 'Logs');
    const encryptionKey = storageKey(this, 'EncryptionKey', 'Encrypts prompts of the registry');
    const key = signingKey(this, 'SigningKey');
    const bucket = promptBucket(this, 'Bucket', { encryptionKey, logs, logPrefix: 'access/', retention });
    const table = promptTable(this, 'Table', encryptionKey);
    this.eventBus = new EventBus(this, 'Events', { description: 'What changes in the prompt registry' });
    [this.bucket, this.table, this.signingKey, this.encryptionKey] = [bucket, table, key, encryptionKey];

    const writers = () => this.writers.map(({ roleArn }) => roleArn);
    const auditors = () => this.auditors.map(({ roleArn }) => roleArn);
    const known = Lazy.list({ produce: writers });
    guardBucket(bucket, known);
    const tellers = Lazy.list({ produce: () => [...writers(), ...auditors()] });
    guardTable(table, known, tellers);
    guardSigningKey(key, known, tellers);
    const watched = { bucketArn: bucket.bucketArn, tableArn: table.tableArn, writers, auditors };
    watchForeignWrites(this, watched);
    if (props.trail ?? true) trailOfWrites(this, logs, watched);
    alarmOnRefusedPrompts(this, this.environments);

    this.registry = {
      scope: this,
      environments: this.environments,
      store: { bucket, table, encryptionKey, signingKey: key },
      ...props.sandbox && { sandbox: this.createSandbox(logs) },
    };
    this.parameter = registryParameter(this, this.registry, { eventBus: this.eventBus, policyPhrases });
    new CfnOutput(this, 'Parameter', { value: this.parameter.parameterName, description: 'plumbline prompts --registry' });
    for (const role of props.pipelineRoles) this.grantPublish(role);
  }

  /**
   * Lets a function, a role, a user or a group read exactly these prompts, in the environment of its own nearest `Standards`, and tells
   * a function where they are: `getPrompt` of the runtime needs no more.
   *
   * Errors: an environment that the registry does not have; an id that is none; a grantee of another account, or one that is no
   * identity; a role that would read prompts of two environments, or of two registries; a copy in `bundled` that is missing, another
   * prompt, or changed.
   */
  public grantRead(grantee: IGrantable, reads: PromptReads): void {
    grantPromptReads(this.registry, grantee, reads);
  }

  /**
   * Lets the task of a container on ECS read exactly these prompts, in the environment of the container's nearest `Standards`, and tells
   * the container where they are: `PLUMBLINE_PROMPTS`, and with it `PLUMBLINE_PRODUCT` and `PLUMBLINE_ENVIRONMENT` of the standards, by
   * which alarms find what it emits. All containers of a task share its role, and so the right to read.
   *
   * Errors: those of `grantRead`; `bundled`, which is for functions.
   */
  public grantReadToContainer(container: ContainerDefinition, reads: PromptReads): void {
    grantContainerReads(this.registry, container, reads);
  }

  /**
   * Makes a role one of the pipeline's: it may publish, approve, promote and roll back, beside `pipelineRoles`. For the token count of a
   * prompt it needs `bedrock:CountTokens` on the prompt's model too, as `BedrockGrants` give it.
   *
   * Errors: a role of another account.
   */
  public grantPublish(role: IRole): void {
    requireOwnRole(this, role);
    if (this.writers.includes(role)) return;
    this.writers.push(role);
    allowPublishing(this, `Publishing${numbered(this.writers.length)}`, role, this.place());
    const { sandbox } = this.registry;
    if (sandbox) allowSandbox(this, `PublishingToSandbox${numbered(this.writers.length)}`, role, sandbox, this.parameter);
  }

  /**
   * Lets a role read everything of the registry, without the sandbox, and publish the events that a command left behind when it ended too
   * early: for `plumbline prompts verify`, `history` and `audit`. A `PromptDriftAudit` has it by itself.
   *
   * Errors: a role of another account.
   */
  public grantAudit(role: IRole): void {
    requireOwnRole(this, role);
    if (this.auditors.includes(role)) return;
    this.auditors.push(role);
    allowAudit(this, `Auditing${numbered(this.auditors.length)}`, role, this.place());
  }

  /**
   * Lets a role read and write everything in the sandbox, and nothing else of the registry: for those who try prompts.
   *
   * Errors: a registry without `sandbox`; a role that reads prompts of an environment with customers, or is of another account.
   */
  public grantSandbox(role: IRole): void {
    const sandbox = requireSandbox(this, this.registry.sandbox);
    requireOwnRole(this, role);
    requireSandboxOnly(this.registry, role);
    if (this.authors.includes(role)) return;
    this.authors.push(role);
    allowSandbox(this, `Authors${numbered(this.authors.length)}`, role, sandbox, this.parameter);
  }

  private place(): PublishingPlace {
    return { ...this.registry.store, signingKey: this.signingKey, eventBus: this.eventBus, parameter: this.parameter };
  }

  private createSandbox(logs: Bucket): PromptStore {
    const encryptionKey = storageKey(this, 'SandboxKey', 'Encrypts prompts of the sandbox');
    return {
      bucket: promptBucket(this, 'Sandbox', { encryptionKey, logs, logPrefix: 'sandbox-access/' }),
      table: promptTable(this, 'SandboxTable', encryptionKey),
      encryptionKey,
    };
  }
}

/** The first of a kind has no number, so that a second one does not rename it. */
function numbered(ordinal: number): string {
  return ordinal === 1 ? '' : String(ordinal);
}
