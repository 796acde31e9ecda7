import { Mixin, Stack, Token } from 'aws-cdk-lib';
import { CfnFunction, Function } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { findBundledRuntime } from './bundled-runtime';
import { emittedSeries } from './emitted-series';
import { Envelope } from './envelope';
import { findEventCallers } from './event-callers';
import { grantExecution } from './execution-permissions';
import { findTightLimits } from './fitting-limits';
import { findForeignHandlers } from './foreign-handlers';
import { ownLogGroup } from './function-log-group';
import { HandlerKind } from './handler-kind';
import { requireHandlerKind } from './handler-kind-of';
import { IamProbe } from './iam-probe';
import { countInitFailures } from './init-failures';
import { findUnreachableProbe } from './probe-network';
import { findShortVisibility } from './queue-visibility';
import { addRuntimeLayer } from './runtime-layer';
import { requireRuntimeSupport, RuntimeSupport } from './runtime-support';
import { ServiceAlarms } from './service-alarms';
import { rememberServiceFunction } from './service-functions';
import { ServiceTraffic } from './service-traffic';
import { StandardLambdaOptions } from './standard-lambda-options';
import { BedrockClientPolicy } from '../bedrock/client-policy/bedrock-client-policy';
import { BedrockTaskRole } from '../bedrock/role/bedrock-task-role';
import { RUNTIME_ENVIRONMENT } from '../contract/data';
import { CatalogMetric } from '../observability/catalog-metric';
import { noteCustomMetrics, noteWithoutEnvelope } from '../standards/information';
import { findEndingMigrations, tryMigrationsVariable } from '../standards/metric-migration';
import { requireMetricNamePart } from '../standards/metric-name-part';
import { requireOrigins } from '../standards/origins';
import { Standards } from '../standards/standards';
import { teachingError, teachingMessage } from '../standards/teaching-error';
import { tryTeamMetricsVariable } from '../standards/team-metric';
import { warn, warnAtSynth } from '../standards/warnings';

/** Properties of the `StandardLambdaMixin` mixin. */
export interface StandardLambdaMixinProps extends StandardLambdaOptions {
}

const VARIABLES = RUNTIME_ENVIRONMENT.variables;

/**
 * The standard for a function that exists already, such as a `NodejsFunction`: Lambda runs the handler in the runtime
 * layer, which checks the role, runs the function's own handler, and sees to envelope, metrics and logs.
 *
 * The function gets its own log group and exactly the permissions it needs to run; AWS managed policies that the CDK
 * gave to its role are taken away.
 *
 * Errors: no standards above the function; a container image; a runtime other than Node.js and Python (3.11 or newer); kind `STREAM`
 * with Python; a function that has the standard already; a durable function of kind `API` or `STREAM`; a log group of another class than
 * Standard; a function that takes signed code only, without a `runtimeLayer`; a queue as event source whose `visibilityTimeout` is shorter
 * than the time-out of the function.
 *
 * Warnings, each acknowledged by `Annotations.of(fn).acknowledgeWarning('cdk-plumbline:…')`: `functionTimeout` and `functionMemory` (too
 * little of it for model calls), `handlerRedirection` and `replacedHandler` (something else runs before the standard),
 * `probeWithoutEndpoints` (a VPC in which the probe reaches nobody), `bundledRuntime` (a copy of the runtime beside the layer's),
 * `unsignedRuntimeLayer`.
 *
 * @example
 * Mixins.of(existingFunction).apply(new StandardLambdaMixin({ serviceName: 'cart' }));
 */
export class StandardLambdaMixin extends Mixin {
  constructor(private readonly props: StandardLambdaMixinProps) {
    super();
  }

  private get envelope(): Envelope {
    return this.props.envelope ?? Envelope.ON;
  }

  /** Whether `construct` is a function with a handler that can be redirected. */
  public supports(construct: IConstruct): boolean {
    return construct instanceof Function && construct.node.defaultChild instanceof CfnFunction;
  }

  /** Applies the standard to a function. */
  public applyTo(construct: IConstruct): void {
    const fn = this.requireFunction(construct);
    const support = requireRuntimeSupport(fn, this.props.kind);
    this.requireOnce(fn, support);
    this.requireServiceName(fn);
    requireOrigins(fn, this.props.allowOrigins ?? []);
    const kind = requireHandlerKind(fn, this.props);
    const probe = this.requireProbe(fn);
    const logGroup = ownLogGroup(fn);
    grantExecution(fn, logGroup);
    this.redirectHandler(fn, support, kind, probe);
    if (bedrockTaskRole(fn)) BedrockClientPolicy.tryOf(fn)?.applyTo(fn);
    this.addAlarms(fn);
    noteCustomMetrics(fn, emittedSeries(fn, this.props.serviceName, kind, this.envelope, bedrockTaskRole(fn)));
    if (this.envelope !== Envelope.ON) noteWithoutEnvelope(fn, this.envelope);
    countInitFailures(fn, logGroup, this.props.serviceName);
    rememberServiceFunction({ fn, logGroup, serviceName: this.props.serviceName, metrics: this.emittedMetrics(fn) });
    if (kind === HandlerKind.API && this.envelope === Envelope.ON) fn.node.addValidation({ validate: () => findLostEvents(fn) });
    fn.node.addValidation({ validate: () => findShortVisibility(fn) });
    warnAtSynth(fn, () => [...findTightLimits(fn), ...findForeignHandlers(fn), findUnreachableProbe(fn, probe), findBundledRuntime(fn)]);
  }

  private requireFunction(construct: IConstruct): Function {
    if (!this.supports(construct)) {
      throw teachingError(construct, {
        problem: 'The standard cannot be applied to this construct',
        given: construct.node.id,
        allowed: 'a function of this app: lambda.Function, NodejsFunction, StandardLambda',
        fix: 'apply the mixin to the function itself, not to an imported function, a version or an alias',
      });
    }
    return construct as Function;
  }

  private requireOnce(fn: Function, { handler }: RuntimeSupport): void {
    if ((fn.node.defaultChild as CfnFunction).handler !== handler) return;
    throw teachingError(fn, {
      problem: 'The function has the standard already',
      given: this.props.serviceName,
      allowed: 'one StandardLambdaMixin a function; a StandardLambda has it from the start',
      fix: 'remove the second StandardLambdaMixin',
    });
  }

  private requireServiceName(fn: Function): void {
    const { serviceName } = this.props;
    if (Token.isUnresolved(serviceName)) {
      throw teachingError(fn, {
        problem: 'The serviceName must be known at synth: it is part of the logical ids of the service\'s alarms',
        given: serviceName,
        allowed: 'a literal name',
        fix: 'write the name out, for example serviceName: "chat"',
      });
    }
    requireMetricNamePart(fn, 'serviceName', serviceName, 'chat');
  }

  private redirectHandler(fn: Function, support: RuntimeSupport, kind: HandlerKind, probe: IamProbe): void {
    const resource = fn.node.defaultChild as CfnFunction;
    const { product, environment, metricMigrations, teamMetrics } = Standards.of(fn);
    const oldNames = tryMigrationsVariable(metricMigrations);
    const ownMetrics = tryTeamMetricsVariable(teamMetrics);
    // On the stack: all its functions emit under the same old names.
    for (const warning of findEndingMigrations(fn, metricMigrations)) warn(Stack.of(fn), warning);
    const variables: Record<string, string> = {
      [VARIABLES.handler.name]: resource.handler!,
      [VARIABLES.kind.name]: kind,
      ...(this.envelope !== Envelope.ON && { [VARIABLES.envelope.name]: this.envelope }),
      [VARIABLES.product.name]: product,
      [VARIABLES.environment.name]: environment,
      [VARIABLES.serviceName.name]: this.props.serviceName,
      [VARIABLES.probe.name]: probe,
      ...(oldNames !== undefined && { [VARIABLES.metricMigrations.name]: oldNames }),
      ...(ownMetrics !== undefined && { [VARIABLES.teamMetrics.name]: ownMetrics }),
      ...(probe === IamProbe.DEEP && { [VARIABLES.probeModels.name]: bedrockTaskRole(fn)!.probeableModels.join(',') }),
      ...(this.props.allowOrigins?.length && { [VARIABLES.allowOrigin.name]: this.props.allowOrigins.join(',') }),
    };
    for (const [name, value] of Object.entries(variables)) fn.addEnvironment(name, value);
    addRuntimeLayer(fn, support, this.props.runtimeLayer);
    resource.handler = support.handler;
  }

  private requireProbe(fn: Function): IamProbe {
    const role = bedrockTaskRole(fn);
    const probe = this.props.probe ?? (role ? IamProbe.BASIC : IamProbe.NONE);
    if (probe !== IamProbe.DEEP || role) return probe;
    throw teachingError(fn, {
      problem: 'A DEEP probe checks each allowed model, and only a BedrockTaskRole knows them',
      given: probe,
      allowed: 'IamProbe.DEEP with a BedrockTaskRole; IamProbe.BASIC or IamProbe.NONE with any role',
      fix: 'give the function a BedrockTaskRole as its role, or use IamProbe.BASIC',
    });
  }

  private addAlarms(fn: Function): void {
    const alarms = ServiceAlarms.of(fn, this.props.serviceName);
    if (this.props.traffic === ServiceTraffic.SPORADIC) {
      this.requireNoAlarmsOnSilence(fn);
      alarms.alarmOnSlowAnswers(fn);
      return;
    }
    for (const metric of this.props.alarms ?? defaultAlarms(fn)) alarms.alarmOnSilence(metric);
  }

  private emittedMetrics(fn: Function): CatalogMetric[] {
    const counted = bedrockTaskRole(fn) ? [CatalogMetric.BEDROCK_INVOCATION_COUNT, CatalogMetric.BEDROCK_THROTTLING_COUNT] : [];
    return [...new Set([CatalogMetric.LATENCY_END_TO_END_MS, ...counted, ...this.props.alarms ?? []])];
  }

  private requireNoAlarmsOnSilence(fn: Function): void {
    const { traffic, alarms } = this.props;
    if (!alarms?.length) return;
    throw teachingError(fn, {
      problem: 'The silence of a service with sporadic traffic is no fault',
      given: { traffic, alarms: alarms.map(metric => metric.id) },
      allowed: 'alarms with ServiceTraffic.STEADY; none with ServiceTraffic.SPORADIC',
      fix: 'remove alarms; for a job with a rhythm add a MissingMetricAlarm with a period that is longer than its pauses',
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
