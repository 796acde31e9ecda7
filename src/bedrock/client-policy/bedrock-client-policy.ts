import { Duration, Stack } from 'aws-cdk-lib';
import {
  Application, ConfigurationContent, ConfigurationType, DeploymentStrategy, DeploymentStrategyId, Environment, HostedConfiguration,
  IDeploymentStrategy, JsonSchemaValidator,
} from 'aws-cdk-lib/aws-appconfig';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { Construct, IConstruct } from 'constructs';
import { requireTaskTypes } from './known-task-types';
import { requireReadTimeoutsMs } from './read-timeouts';
import { requireAllowedTiers, ServiceTiers } from './service-tiers';
import { CLIENT_POLICY, RUNTIME_ENVIRONMENT } from '../../contract/data';
import { taskTypesDocument, taskTypesSchema } from '../../contract/task-types';
import { mark, tryMark, tryNearestMark } from '../../standards/marks';
import { teachingError } from '../../standards/teaching-error';
import { BedrockServiceTier } from '../abilities/service-tier';
import { BedrockTaskRole } from '../role/bedrock-task-role';

/** Properties of a `BedrockClientPolicy`. */
export interface BedrockClientPolicyProps {
  /**
   * Read timeouts that differ from the standard's, by task type: how long one attempt may take until its answer is whole, or, in a
   * stream, how long it may be silent. Whole milliseconds, at most 15 minutes.
   *
   * @default - those of the standard: synthesis 60 s, classification 15 s, embedding 10 s, embedding_batch 90 s, default 60 s
   */
  readonly readTimeouts?: { [taskType: string]: Duration };

  /**
   * The service tiers of requests that name none themselves, by task type. The models of a task type must have the tier, and the roles
   * of its functions must allow it, where they have `serviceTiers`.
   *
   * @default - requests name no tier: Bedrock serves them in the default tier
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
   */
  readonly serviceTiers?: { [taskType: string]: BedrockServiceTier };

  /**
   * How a change of the read timeouts reaches the functions. CloudFormation waits for it.
   *
   * @default - AppConfig.Canary10Percent20Minutes, as AWS recommends for production
   * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy-predefined.html
   */
  readonly deploymentStrategy?: IDeploymentStrategy;
}

const POLICY = 'BedrockClientPolicy';
const ACCESS_ID = 'ClientPolicyAccess';
const { variables: { clientPolicy: VARIABLE }, layers: { node: { handler: LAYER_HANDLER } } } = RUNTIME_ENVIRONMENT;

/**
 * The read timeouts and service tiers of Bedrock clients, tuned in AppConfig: functions take them over within a minute, without a
 * deployment of their own.
 *
 * It counts for every function under the standard at or below its scope that has a `BedrockTaskRole`; the nearest policy above a
 * function is its own. Where AppConfig is away, functions keep the numbers they have.
 *
 * Errors: a task type that the standard does not have; a service tier that the role of one of its functions does not allow; a time
 * that is not whole milliseconds from 1 ms to 15 minutes, or not known at synth; a second policy for the same scope; functions that
 * were created before the policy.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/what-is-appconfig.html
 */
export class BedrockClientPolicy extends Construct {
  /** The nearest policy at or above `construct`; undefined when there is none. */
  public static tryOf(construct: IConstruct): BedrockClientPolicy | undefined {
    return tryNearestMark(construct, POLICY);
  }

  /** The AppConfig application. */
  public readonly applicationId: string;
  /** The AppConfig environment. */
  public readonly environmentId: string;
  /** The AppConfig configuration profile. */
  public readonly configurationProfileId: string;
  private readonly serviceTiers: ServiceTiers;

  constructor(scope: Construct, id: string, props: BedrockClientPolicyProps = {}) {
    super(scope, id);
    const { serviceTiers } = props;
    requireTaskTypes(this, Object.keys(serviceTiers ?? {}), 'a task type of the standard');
    const document = taskTypesDocument(requireReadTimeoutsMs(this, props.readTimeouts ?? {}), serviceTiers);
    this.requireFirst(scope);
    this.requireNoEarlierFunctions(scope);

    const application = new Application(this, 'Application', { description: 'Bedrock clients of the standard' });
    const environment = new Environment(this, 'Environment', { application });
    const { configurationProfileId } = new HostedConfiguration(this, 'TaskTypes', {
      application,
      deployTo: [environment],
      type: ConfigurationType.FREEFORM,
      content: ConfigurationContent.fromInlineJson(document),
      validators: [JsonSchemaValidator.fromInline(taskTypesSchema(CLIENT_POLICY, serviceTiers && CLIENT_POLICY.serviceTier.names))],
      deploymentStrategy: props.deploymentStrategy
        ?? DeploymentStrategy.fromDeploymentStrategyId(this, 'Strategy', DeploymentStrategyId.CANARY_10_PERCENT_20_MINUTES),
    });
    this.applicationId = application.applicationId;
    this.environmentId = environment.environmentId;
    this.configurationProfileId = configurationProfileId;
    this.serviceTiers = serviceTiers ?? {};
    mark(scope, POLICY, this);
  }

  /**
   * Gives the policy to a function that does not get it by itself: one without a `BedrockTaskRole`, or outside of the policy's scope.
   * Its role may read this one configuration then.
   *
   * Errors: the function has a policy already; its role does not allow a service tier of the policy.
   */
  public applyTo(fn: Function): void {
    if (fn.node.tryFindChild(ACCESS_ID)) {
      throw teachingError(fn, {
        problem: 'The function has a BedrockClientPolicy already',
        given: this.node.path,
        allowed: 'one policy a function; functions with a BedrockTaskRole get the nearest one above them by themselves',
        fix: 'remove this applyTo',
      });
    }
    requireAllowedTiers(fn, this.serviceTiers);
    fn.addEnvironment(VARIABLE.name, [this.applicationId, this.environmentId, this.configurationProfileId].join('/'));
    const configuration = Stack.of(this).formatArn({
      service: 'appconfig',
      resource: 'application',
      resourceName: `${this.applicationId}/environment/${this.environmentId}/configuration/${this.configurationProfileId}`,
    });
    const access = new Policy(fn, ACCESS_ID, {
      statements: [new PolicyStatement({
        sid: 'ReadBedrockClientPolicy',
        actions: ['appconfig:GetLatestConfiguration', 'appconfig:StartConfigurationSession'],
        resources: [configuration],
      })],
    });
    fn.role?.attachInlinePolicy(access);
  }

  private requireFirst(scope: IConstruct): void {
    const other = tryMark<BedrockClientPolicy>(scope, POLICY);
    if (!other) return;
    throw teachingError(this, {
      problem: 'The scope has a BedrockClientPolicy already',
      given: this.node.id,
      allowed: `one policy a scope, here ${other.node.path}`,
      fix: 'put all read timeouts into one policy, or create the second one in the construct whose functions it is for',
    });
  }

  /** A function takes the policy when it is created; an earlier one would go without it, and nobody would see. */
  private requireNoEarlierFunctions(scope: IConstruct): void {
    const earlier = scope.node.findAll().filter(construct => construct instanceof CfnFunction && construct.handler === LAYER_HANDLER)
      .map(resource => resource.node.scope as Function)
      .filter(fn => fn.role && BedrockTaskRole.isBedrockTaskRole(fn.role) && !BedrockClientPolicy.tryOf(fn)?.node.scopes.includes(scope));
    if (earlier.length === 0) return;
    throw teachingError(this, {
      problem: 'The policy comes after functions that it is for',
      given: earlier.map(fn => fn.node.path),
      allowed: 'a policy that is created before the functions in its scope',
      fix: 'create the BedrockClientPolicy first',
    });
  }
}
