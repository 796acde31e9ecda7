import { Mixin, Token } from 'aws-cdk-lib';
import { CfnFunction, Function, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { findEventCallers } from './event-callers';
import { grantExecution } from './execution-permissions';
import { logsAsJson, ownLogGroup } from './function-log-group';
import { HandlerKind } from './handler-kind';
import { IamProbe } from './iam-probe';
import { NodeRuntimeLayer } from './node-runtime-layer';
import { ServiceAlarms } from './service-alarms';
import { StandardLambdaOptions } from './standard-lambda-options';
import { BedrockClientPolicy } from '../bedrock/client-policy/bedrock-client-policy';
import { BedrockTaskRole } from '../bedrock/role/bedrock-task-role';
import { METRIC_CATALOG, RUNTIME_ENVIRONMENT } from '../contract/data';
import { CatalogMetric } from '../observability/catalog-metric';
import { requireMetricNamePart } from '../standards/metric-name-part';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';

/** Properties of the `StandardLambdaMixin` mixin. */
export interface StandardLambdaMixinProps extends StandardLambdaOptions {
}

const LAYER_HANDLER = RUNTIME_ENVIRONMENT.layers.node.handler;
const VARIABLES = RUNTIME_ENVIRONMENT.variables;

/**
 * The standard for a function that exists already, such as a `NodejsFunction`: Lambda runs the handler in the runtime
 * layer, which checks the role, runs the function's own handler, and sees to envelope, metrics and logs.
 *
 * The function gets its own log group and exactly the permissions it needs to run; AWS managed policies that the CDK
 * gave to its role are taken away.
 *
 * Errors: no standards above the function; a container image or a runtime other than Node.js; a function that has the standard already.
 *
 * @example
 * Mixins.of(existingFunction).apply(new StandardLambdaMixin({ serviceName: 'cart' }));
 */
export class StandardLambdaMixin extends Mixin {
  constructor(private readonly props: StandardLambdaMixinProps) {
    super();
  }

  /** Whether `construct` is a function with a handler that can be redirected. */
  public supports(construct: IConstruct): boolean {
    return construct instanceof Function && construct.node.defaultChild instanceof CfnFunction;
  }

  /** Applies the standard to a function. */
  public applyTo(construct: IConstruct): void {
    const fn = this.requireNodeFunction(construct);
    this.requireFittingProps(fn);
    const logGroup = ownLogGroup(fn);
    grantExecution(fn, logGroup);
    this.redirectHandler(fn);
    if (bedrockTaskRole(fn)) BedrockClientPolicy.tryOf(fn)?.applyTo(fn);
    this.addAlarms(fn);
    this.countInitFailures(fn);
    if (this.props.kind === HandlerKind.API) fn.node.addValidation({ validate: () => findLostEvents(fn) });
  }

  private requireNodeFunction(construct: IConstruct): Function {
    if (!this.supports(construct)) {
      throw teachingError(construct, {
        problem: 'The standard cannot be applied to this construct',
        given: construct.node.id,
        allowed: 'a function of this app: lambda.Function, NodejsFunction, StandardLambda',
        fix: 'apply the mixin to the function itself, not to an imported function, a version or an alias',
      });
    }
    const fn = construct as Function;
    if (fn.runtime.family !== RuntimeFamily.NODEJS) {
      throw teachingError(fn, {
        problem: 'The standard has no runtime layer for this function',
        given: fn.runtime.name,
        allowed: 'zip functions with a Node.js runtime',
        fix: 'use a Node.js runtime; for others put the function behind a StandardLambda',
      });
    }
    if ((fn.node.defaultChild as CfnFunction).handler === LAYER_HANDLER) {
      throw teachingError(fn, {
        problem: 'The function has the standard already',
        given: this.props.serviceName,
        allowed: 'one StandardLambdaMixin a function; a StandardLambda has it from the start',
        fix: 'remove the second StandardLambdaMixin',
      });
    }
    return fn;
  }

  private requireFittingProps(fn: Function): void {
    const { serviceName, allowOrigins, kind } = this.props;
    if (Token.isUnresolved(serviceName)) {
      throw teachingError(fn, {
        problem: 'The serviceName must be known at synth: it is part of the logical ids of the service\'s alarms',
        given: serviceName,
        allowed: 'a literal name',
        fix: 'write the name out, for example serviceName: "chat"',
      });
    }
    requireMetricNamePart(fn, 'serviceName', serviceName, 'chat');
    if (allowOrigins?.length && (kind === HandlerKind.EVENT || kind === HandlerKind.STREAM)) {
      throw teachingError(fn, {
        problem: 'Only answers to HTTP requests carry CORS headers',
        given: { kind, allowOrigins },
        allowed: 'allowOrigins with HandlerKind.AUTO or HandlerKind.API',
        fix: 'remove allowOrigins; a streaming handler writes its own headers',
      });
    }
  }

  private redirectHandler(fn: Function): void {
    const resource = fn.node.defaultChild as CfnFunction;
    const { product, environment } = Standards.of(fn);
    const variables: Record<string, string> = {
      [VARIABLES.handler.name]: resource.handler!,
      [VARIABLES.kind.name]: this.props.kind ?? HandlerKind.AUTO,
      [VARIABLES.product.name]: product,
      [VARIABLES.environment.name]: environment,
      [VARIABLES.serviceName.name]: this.props.serviceName,
      ...this.probeVariables(fn),
      ...(this.props.allowOrigins?.length && { [VARIABLES.allowOrigin.name]: this.props.allowOrigins.join(',') }),
    };
    for (const [name, value] of Object.entries(variables)) fn.addEnvironment(name, value);
    fn.addLayers(NodeRuntimeLayer.of(fn));
    resource.handler = LAYER_HANDLER;
  }

  private probeVariables(fn: Function): Record<string, string> {
    const role = bedrockTaskRole(fn);
    const probe = this.props.probe ?? (role ? IamProbe.BASIC : IamProbe.NONE);
    if (probe !== IamProbe.DEEP) return { [VARIABLES.probe.name]: probe };
    if (!role) {
      throw teachingError(fn, {
        problem: 'A DEEP probe checks each allowed model, and only a BedrockTaskRole knows them',
        given: probe,
        allowed: 'IamProbe.DEEP with a BedrockTaskRole; IamProbe.BASIC or IamProbe.NONE with any role',
        fix: 'give the function a BedrockTaskRole as its role, or use IamProbe.BASIC',
      });
    }
    return { [VARIABLES.probe.name]: probe, [VARIABLES.probeModels.name]: role.probeableModels.join(',') };
  }

  private addAlarms(fn: Function): void {
    const alarms = ServiceAlarms.of(fn, this.props.serviceName);
    for (const metric of this.props.alarms ?? defaultAlarms(fn)) alarms.alarmOnSilence(metric);
  }

  private countInitFailures(fn: Function): void {
    const metric = ServiceAlarms.of(fn, this.props.serviceName).initFailureMetric();
    const { jsonPattern, textPattern } = METRIC_CATALOG.initFailure;
    new MetricFilter(fn, 'InitFailures', {
      logGroup: fn.logGroup,
      filterPattern: FilterPattern.literal(logsAsJson(fn) ? jsonPattern : textPattern),
      metricNamespace: metric.namespace,
      metricName: metric.metricName,
      metricValue: '1',
    });
  }
}

function defaultAlarms(fn: Function): CatalogMetric[] {
  return [CatalogMetric.LATENCY_END_TO_END_MS, ...(bedrockTaskRole(fn) ? [CatalogMetric.BEDROCK_INVOCATION_COUNT] : [])];
}

function bedrockTaskRole(fn: Function): BedrockTaskRole | undefined {
  return fn.role && BedrockTaskRole.isBedrockTaskRole(fn.role) ? fn.role as BedrockTaskRole : undefined;
}

/** An answer of kind API is a success to whatever is no HTTP client, errors too: the message would be gone. */
function findLostEvents(fn: Function): string[] {
  const callers = findEventCallers(fn);
  if (callers.length === 0) return [];
  return [teachingMessage(fn, {
    problem: 'A function of kind API answers HTTP, and no event source, rule, state machine or resolver sees an error in its answer',
    given: callers.map(caller => caller.node.path),
    allowed: 'HandlerKind.AUTO for HTTP requests and events, HandlerKind.EVENT for events only',
    fix: 'leave kind out, which is HandlerKind.AUTO',
  })];
}
