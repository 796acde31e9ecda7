import { CfnOutput, Fn, Lazy, Names, RemovalPolicy, Resource } from 'aws-cdk-lib';
import { Alarm, IAlarm, Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, EndpointReference, IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { createEndpointAlarms } from './endpoint-alarms';
import { createEndpointConfig } from './endpoint-config';
import { grantInvokeEndpoint } from './endpoint-grants';
import { EndpointNetwork, endpointNetwork, warnOfNetwork } from './endpoint-network';
import { endpointOperation, EndpointOperation, operateEndpoint, retainedProperties } from './endpoint-operation';
import { EndpointPlan } from './endpoint-plan';
import { EndpointUpdates } from './endpoint-updates';
import { hostFurtherVariant, HostedVariants, requireVariant, requireVariants, scaleFurtherVariant } from './further-variants';
import { GenAiEndpointProps } from './gen-ai-endpoint-props';
import { hostVariant } from './hosted-variant';
import { Inference } from './inference';
import { createInferenceComponent } from './inference-component';
import { ENDPOINT_SETTINGS, LOGGING } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { defaultName: VARIANT } = ENDPOINT_SETTINGS.variants;
const INSTANCE_METRICS = '/aws/sagemaker/Endpoints';
const MAX_NAME_LENGTH = 63;

/**
 * A generative model behind a SageMaker endpoint, with a role that may load exactly this model and nothing else, and a log
 * group of its own that expires after three months.
 *
 * A change of the model or of the instances happens blue/green, behind the same endpoint.
 *
 * A first deployment that fails is rolled back, and the container's log goes with it: `cdk deploy --no-rollback` keeps both.
 */
export class GenAiEndpoint extends Resource implements IEndpoint, IConnectable {
  /** ARN of the endpoint. */
  public readonly endpointArn: string;
  /** Name of the endpoint: what a caller gives to InvokeEndpoint. */
  public readonly endpointName: string;
  /** The model with its exact version, also when a pattern was given. */
  public readonly modelTitle: string;
  /** The role under which SageMaker loads and runs the model; a further variant has a role of its own. */
  public readonly role: IRole;
  /** Names of the variants, the endpoint's own first: what callers may give as `TargetVariant`. */
  public readonly variantNames: string[];
  /** Where the output of the containers goes. */
  public readonly logGroup: ILogGroup;
  /**
   * The alarms of the standard; none without standards, or where none is wanted. In real time they are on errors, on rejected requests and
   * on slow answers; of an asynchronous endpoint on failures, on requests that wait or expire, on notifications and on slow answers.
   */
  public readonly alarms: Alarm[];
  /**
   * What is known of it before it is there.
   *
   * @internal
   */
  public readonly _plan: EndpointPlan;
  private readonly network?: Connections;
  /** Name of the inference component that callers name beside the endpoint; undefined without `scaleToZero`. */
  public readonly inferenceComponentName?: string;
  private readonly operation: EndpointOperation;
  private readonly updates: EndpointUpdates;
  private readonly invocableArns: string[];

  constructor(scope: Construct, id: string, props: GenAiEndpointProps) {
    super(scope, id, { physicalName: Lazy.string({ produce: () => this.uniqueName() }) });
    this.operation = endpointOperation(this, props.inference ?? Inference.realtime(), props);
    this.updates = new EndpointUpdates(this, props.deployment);
    const { serving, limits } = this.operation;
    const hostsComponent = serving.kind === 'component';
    const network = endpointNetwork(this, props);
    this.network = network && new Connections({ securityGroups: network.securityGroups });
    this.logGroup = this.createLogGroup();
    const { own, further } = this.hostVariants(props, network);
    const { model, role, cfnModel, instanceTypes: [instanceType] } = own;
    const hosted = [own, ...further.map(variant => variant.hosted)];
    this.modelTitle = model.exactTitle ?? model.title;
    this.role = role;
    this.variantNames = hosted.map(({ name }) => name);
    if (network) warnOfNetwork(this, network, limits.max);
    const { attrEndpointConfigName } = createEndpointConfig(this, {
      variants: hosted, operation: this.operation, network, key: props.encryptionKey,
    });
    this._plan = {
      name: this.physicalName,
      kind: serving.kind,
      configName: attrEndpointConfigName,
      vpc: network?.vpc,
      encryptionKey: props.encryptionKey,
    };
    const endpoint = new CfnEndpoint(this, 'Resource', {
      endpointName: this.physicalName,
      endpointConfigName: attrEndpointConfigName,
      ...retainedProperties(this.operation),
      deploymentConfig: hostsComponent ? undefined : this.updates.ofEndpoint(),
    });
    endpoint.node.addDependency(this.logGroup);
    this.endpointName = endpoint.attrEndpointName;
    this.endpointArn = endpoint.ref;
    const component = hostsComponent ? createInferenceComponent(this, {
      name: this.physicalName,
      endpoint,
      variant: VARIANT,
      modelName: cfnModel.attrModelName,
      instanceType,
      copies: limits.initial,
      startup: this.operation.startup,
      deployment: this.updates.ofComponent(),
    }) : undefined;
    this.inferenceComponentName = component && Fn.select(1, Fn.split('/', component.ref));
    this.invocableArns = [this.endpointArn, ...component ? [component.ref] : []];
    operateEndpoint(this, this.operation, {
      kind: serving.kind, endpointName: this.endpointName, variant: VARIANT, componentName: this.inferenceComponentName,
    });
    for (const variant of further) scaleFurtherVariant(variant, this.endpointName);
    this.alarms = createEndpointAlarms(this, {
      ...props,
      name: this.physicalName,
      variants: hosted.map(({ name }) => ({
        name: further.length > 0 ? name : undefined,
        metric: (metricName, options) => this.variantMetric(name, metricName, options),
      })),
      queue: serving.kind === 'asynchronous' ? (metricName, options) => this.queueMetric(metricName, options) : undefined,
    });
    new CfnOutput(this, 'Model', { value: this.modelTitle, description: `The exact model of ${this.node.path}` });
  }

  /** The endpoint as other constructs refer to it. */
  public get endpointRef(): EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  /** The network access of the container; an error without a VPC. */
  public get connections(): Connections {
    if (this.network) return this.network;
    throw teachingError(this, {
      problem: 'The endpoint has no network access to manage',
      given: { vpc: undefined },
      allowed: 'connections of an endpoint in a VPC',
      fix: 'give the endpoint a vpc',
    });
  }

  /**
   * Lets `grantee` invoke this endpoint and no other: with or without a streamed answer in real time; of an asynchronous one it may also
   * put requests, and read answers and failures, where these lie.
   *
   * A role that the CDK does not change, such as one imported with `mutable: false`, stays as it is, and a warning holds the statement
   * to add by hand.
   *
   * Errors: a principal of another account, and one that holds no policies: SageMaker endpoints have no resource policy, so no call
   * could use the grant.
   */
  public grantInvoke(grantee: IGrantable): Grant {
    return grantInvokeEndpoint({ endpoint: this, arns: this.invocableArns, serving: this.operation.serving }, grantee);
  }

  /**
   * Takes back an update during which this alarm rings: at most ten alarms. The alarm may watch the endpoint's own metrics.
   *
   * Errors: an eleventh alarm.
   */
  public addRollbackAlarm(alarm: IAlarm): void {
    this.updates.add(alarm);
  }

  /** A metric of the endpoint's own variant, as SageMaker publishes it in `AWS/SageMaker`. */
  public metric(metricName: string, options: MetricOptions = {}): Metric {
    return this.variantMetric(VARIANT, metricName, options);
  }

  /**
   * The same of one of `variantNames`.
   *
   * Errors: a variant that the endpoint does not have.
   */
  public variantMetric(variantName: string, metricName: string, options: MetricOptions = {}): Metric {
    requireVariant(this, this.variantNames, variantName);
    const dimensionsMap = { EndpointName: this.physicalName, VariantName: variantName };
    return this.metricIn('AWS/SageMaker', metricName, { dimensionsMap, ...options });
  }

  /** Requests; the sum by default. */
  public metricInvocations(options: MetricOptions = {}): Metric {
    return this.metric('Invocations', { statistic: Stats.SUM, ...options });
  }

  /** Requests that the caller got wrong; the sum by default. */
  public metricInvocation4XXErrors(options: MetricOptions = {}): Metric {
    return this.metric('Invocation4XXErrors', { statistic: Stats.SUM, ...options });
  }

  /** Requests that the endpoint failed; the sum by default. */
  public metricInvocation5XXErrors(options: MetricOptions = {}): Metric {
    return this.metric('Invocation5XXErrors', { statistic: Stats.SUM, ...options });
  }

  /** Time the model took, in microseconds; the average by default. */
  public metricModelLatency(options: MetricOptions = {}): Metric {
    return this.metric('ModelLatency', options);
  }

  /** Time SageMaker added, in microseconds; the average by default. */
  public metricOverheadLatency(options: MetricOptions = {}): Metric {
    return this.metric('OverheadLatency', options);
  }

  /** Use of the GPUs in percent, each GPU counted as 100; the average by default. */
  public metricGpuUtilization(options: MetricOptions = {}): Metric {
    return this.metricIn(INSTANCE_METRICS, 'GPUUtilization', options);
  }

  /** Use of the GPUs' memory in percent, each GPU counted as 100; the average by default. */
  public metricGpuMemoryUtilization(options: MetricOptions = {}): Metric {
    return this.metricIn(INSTANCE_METRICS, 'GPUMemoryUtilization', options);
  }

  /** Use of the instances' memory in percent; the average by default. */
  public metricMemoryUtilization(options: MetricOptions = {}): Metric {
    return this.metricIn(INSTANCE_METRICS, 'MemoryUtilization', options);
  }

  /** Use of the instances' disks in percent; the average by default. */
  public metricDiskUtilization(options: MetricOptions = {}): Metric {
    return this.metricIn(INSTANCE_METRICS, 'DiskUtilization', options);
  }

  /** Of the queue of an asynchronous endpoint: all variants take from it. */
  private queueMetric(metricName: string, options: MetricOptions): Metric {
    return this.metric(metricName, { ...options, dimensionsMap: { EndpointName: this.physicalName } });
  }

  private metricIn(namespace: string, metricName: string, options: MetricOptions): Metric {
    return new Metric({
      namespace,
      metricName,
      // Not the endpoint's attribute: an alarm that takes back its updates must exist before it.
      dimensionsMap: { EndpointName: this.physicalName, VariantName: VARIANT },
      ...options,
    }).attachTo(this);
  }

  private hostVariants(props: GenAiEndpointProps, network: EndpointNetwork | undefined): HostedVariants {
    const { serving, limits } = this.operation;
    const variants = requireVariants(this, serving, props);
    const shared = {
      serving,
      logGroup: this.logGroup,
      network,
      key: props.encryptionKey,
      isolated: props.networkIsolation,
      canBeStopped: props.schedule !== undefined,
    };
    const isOnly = variants.length === 0;
    const own = hostVariant(this, { ...props, name: VARIANT, weight: props.weight ?? 1, limits, isOnly }, shared);
    if (isOnly) return { own, further: [] };
    const scope = new Construct(this, 'Variants');
    return { own, further: variants.map(variant => hostFurtherVariant(new Construct(scope, variant.name), variant, shared)) };
  }

  /** SageMaker writes names in ARNs in lower case; a name of another case would not match its own ARN. */
  private uniqueName(): string {
    const { nameSuffix } = this.operation.serving;
    return Names.uniqueResourceName(this, { maxLength: MAX_NAME_LENGTH - nameSuffix.length, separator: '-' }).toLowerCase() + nameSuffix;
  }

  /** Goes with the endpoint: its name is fixed, so one that stayed behind would stop the endpoint from being created again. */
  private createLogGroup(): LogGroup {
    const folder = this.operation.serving.kind === 'component' ? ENDPOINT_SETTINGS.components.logFolder : '/aws/sagemaker/Endpoints';
    return new LogGroup(this, 'LogGroup', {
      logGroupName: `${folder}/${this.physicalName}`,
      retention: LOGGING.retentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
