import { Stack, Tags, Token } from 'aws-cdk-lib';
import { CfnDeploymentGroup, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { requireGateSettings } from './gate-settings';
import { PresenceGateExemption, PresenceGateOverride, requireExemption, requireOverride } from './presence-gate-exceptions';
import { SyntheticRequests } from './synthetic-requests';
import { METRIC_CATALOG, OPERATIONS } from '../contract/data';
import { physicalName } from '../contract/physical-name';
import { LibraryFunction } from '../function/library-function';
import { CatalogMetric } from '../observability/catalog-metric';
import { inform } from '../standards/information';
import { requireMetricNamePart } from '../standards/metric-name-part';
import { Standards } from '../standards/standards';
import { teachingError } from '../standards/teaching-error';

const { variable: VARIABLE, metadataKey: METADATA_KEY } = OPERATIONS.presenceGate;
/** What Lambda takes. */
const MOST_NAME_CHARACTERS = 64;

/** Properties of a `PresenceGate`. */
export interface PresenceGateProps {
  /** The service whose new version has to show its metrics. */
  readonly serviceName: string;

  /**
   * What the gate sends: 50 requests, five at a time.
   *
   * @default - none, which takes an `exemption`
   */
  readonly requests?: SyntheticRequests;

  /**
   * The deployment that the gate may roll back: it becomes the group's hook after all traffic has gone to the new version.
   *
   * @default - none: a `PresenceGateStep` of a pipeline, or whoever invokes `function`, asks the gate
   * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
   */
  readonly deploymentGroup?: LambdaDeploymentGroup;

  /**
   * The mandatory metrics that the requests make the service emit. Five of them have to be seen; of fewer, all.
   *
   * @default - of the service's functions in the stage: `LATENCY_END_TO_END_MS`, with a `BedrockTaskRole` `BEDROCK_INVOCATION_COUNT` and
   * `BEDROCK_THROTTLING_COUNT`, and what their `alarms` wait for
   */
  readonly metrics?: CatalogMetric[];

  /**
   * Why the service can take no synthetic requests. There is no gate then, and everybody sees that there is none.
   *
   * @default - none
   */
  readonly exemption?: PresenceGateExemption;

  /**
   * Lets a fix out that the gate, or an alarm of the deployment group that fires already, would hold back. Everybody sees it.
   *
   * @default - none
   */
  readonly override?: PresenceGateOverride;
}

/**
 * Holds a new version of a service to its metrics: sends it 50 synthetic requests, and within five minutes wants to see at least five
 * of the mandatory metrics, or all of them where the service has fewer. A metric counts when it has data in a minute that began after
 * the gate did; a zero is data. More than five requests that fail or are answered with 5xx keep the gate shut, too.
 *
 * With a `deploymentGroup` CodeDeploy asks the gate, and goes back to the old version when it stays shut. Without one a step of a pipeline
 * does, or `aws lambda invoke`: the invocation fails when the gate stays shut.
 *
 * The outcome is in the log as `presence_gate_passed`, `presence_gate_failed` or `presence_gate_overridden`, and in
 * `CatalogMetric.PRESENCE_GATE_COUNT`.
 *
 * Errors: neither or both of `requests` and `exemption`; metrics that are not mandatory, or that a healthy service does not emit; no
 * metrics known; with a `deploymentGroup` an address that is known at deployment only; an exemption or override without a reason, or
 * past its last day; settings that are too large for the function's environment; no standards above the construct.
 *
 * Warnings, acknowledged by `Annotations.of(gate).acknowledgeWarning('cdk-plumbline:…')`: `presenceGateExempt`, `presenceGateOverride`.
 *
 * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/operations.md
 */
export class PresenceGate extends Construct {
  /** The function that is the gate; undefined with an exemption. */
  public readonly function?: IFunction;
  /** Its name, which a pipeline in another stack can know; undefined with an exemption. */
  public readonly functionName?: string;
  /** How many metrics must be seen. */
  public readonly metricsNeeded: number;
  /** The metrics of which they are, by id. */
  public readonly metricIds: string[];

  constructor(scope: Construct, id: string, props: PresenceGateProps) {
    super(scope, id);
    const { serviceName, deploymentGroup, override } = props;
    requireMetricNamePart(this, 'serviceName', serviceName, 'chat');
    const requests = requireOneOf(this, props);
    if (!requests) {
      this.metricIds = [];
      this.metricsNeeded = 0;
      this.exempt(props.exemption!, props);
      return;
    }
    const { settings, target } = requireGateSettings(this, props, requests);
    this.metricIds = settings.metrics;
    this.metricsNeeded = settings.needed;
    this.functionName = requireFunctionName(this, serviceName);
    const fn = new LibraryFunction(this, 'Function', {
      name: 'presence-gate',
      functionName: this.functionName,
      environment: { [VARIABLE]: Stack.of(this).toJsonString(settings) },
      statements: target ? [mayInvoke(target)] : [],
      actionsWithoutResources: ['cloudwatch:GetMetricData'],
      retryAttempts: 0, // CodeDeploy is told once.
    });
    // The hook of a deployment may be called as soon as it is there.
    fn.node.defaultChild!.node.addDependency(fn.actions);
    this.function = fn;
    this.tellDemand();
    deploymentGroup?.addPostHook(fn);
    if (override) this.overrideGate(override, props);
  }

  /** Lets a step of a pipeline, or a person, ask the gate. Nothing with an exemption. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.function?.grantInvoke(grantee) ?? Grant.drop(grantee, 'There is no gate: the service is exempt.');
  }

  private exempt(exemption: PresenceGateExemption, { serviceName, deploymentGroup }: PresenceGateProps): void {
    requireExemption(this, serviceName, exemption);
    this.showInTemplate('exempt', { serviceName, ...exemption }, deploymentGroup);
  }

  /** The alarms of the group, too: one that fires already ends a deployment before the gate is asked. */
  private overrideGate(override: PresenceGateOverride, { serviceName, deploymentGroup }: PresenceGateProps): void {
    requireOverride(this, serviceName, override);
    this.showInTemplate('overridden', { serviceName, ...override }, deploymentGroup);
    resourceOf(deploymentGroup)?.addPropertyOverride('AlarmConfiguration.Enabled', false);
  }

  /** On the stack, and on the group that has no gate, where the console of CodeDeploy shows it. */
  private showInTemplate(state: string, details: object, deploymentGroup: LambdaDeploymentGroup | undefined): void {
    Stack.of(this).addMetadata(`${METADATA_KEY}:${this.node.path}`, { state, ...details });
    if (!deploymentGroup) return;
    Tags.of(deploymentGroup).add(METADATA_KEY, state, { includeResourceTypes: [CfnDeploymentGroup.CFN_RESOURCE_TYPE_NAME] });
  }

  private tellDemand(): void {
    const { metricsSeen } = METRIC_CATALOG.presenceGate;
    if (this.metricsNeeded >= metricsSeen) return;
    inform(this, {
      id: 'presenceGateDemand',
      message: `The presence gate wants to see all ${this.metricsNeeded} mandatory metrics that its requests make the service emit `
        + `(${this.metricIds.join(', ')}): fewer than the ${metricsSeen} that it wants of a service with more.`,
    });
  }
}

/** Undefined for a service that is exempt. */
function requireOneOf(scope: Construct, { requests, exemption }: PresenceGateProps): SyntheticRequests | undefined {
  if ((requests === undefined) !== (exemption === undefined)) return requests;
  throw teachingError(scope, {
    problem: requests ? 'A service that is exempt from the presence gate is sent no requests' : 'The presence gate has nothing to send',
    given: requests ? 'requests and an exemption' : 'neither requests nor an exemption',
    allowed: 'one of the two',
    fix: requests ? 'remove one of them' : 'give requests: SyntheticRequests.invoke(alias, [...]); or an exemption, which says why not',
  });
}

function requireFunctionName(scope: Construct, serviceName: string): string {
  const name = physicalName(Standards.of(scope), serviceName, 'PresenceGate').replace(/\./g, '-');
  if (Token.isUnresolved(name) || name.length <= MOST_NAME_CHARACTERS) return name;
  throw teachingError(scope, {
    problem: `Lambda takes no function name of ${name.length} characters`,
    given: name,
    allowed: `${MOST_NAME_CHARACTERS} characters`,
    fix: 'give the product, the environment or the service a shorter name',
  });
}

function mayInvoke({ fn, qualifier }: { fn: IFunction; qualifier?: string }): PolicyStatement {
  return new PolicyStatement({
    sid: 'SendSyntheticRequests',
    actions: ['lambda:InvokeFunction'],
    resources: [qualifier === undefined ? fn.functionArn : `${fn.functionArn}:${qualifier}`],
  });
}

function resourceOf(group: LambdaDeploymentGroup | undefined): CfnDeploymentGroup | undefined {
  return group?.node.defaultChild as CfnDeploymentGroup | undefined;
}
