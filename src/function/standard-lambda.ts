import { Duration } from 'aws-cdk-lib';
import { CfnFunction, Code, Function, FunctionOptions, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { grantTracing } from './execution-permissions';
import { StandardLambdaMixin } from './standard-lambda-mixin';
import { StandardLambdaOptions } from './standard-lambda-options';
import { FUNCTION_SETTINGS, RUNTIME_ENVIRONMENT } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { timeoutSeconds, memoryMb } = FUNCTION_SETTINGS.defaults;

/** Properties of a `StandardLambda`: the standard's own, and all options of a Lambda function. */
export interface StandardLambdaProps extends FunctionOptions, StandardLambdaOptions {
  /** The function's code, as a zip file or a folder. */
  readonly code: Code;

  /** The function's own handler, for example `index.handler`, or `app.main.handler` in Python. The runtime layer calls it. */
  readonly handler: string;

  /**
   * The runtime: Node.js, or Python 3.11 or newer.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;
}

/**
 * A Lambda function that keeps the standard without a line of code of its own: the role is checked while it starts,
 * every answer is an envelope, every metric has its name from the catalogue, and silence sets off an alarm.
 *
 * The execution role is a `BedrockTaskRole` given as `role`, or a new one; either way it holds exactly what Lambda
 * needs to run the function, and no AWS managed policy.
 *
 * Without a `timeout` it may run for 200 s: in that time all three attempts of a model call (2 s to connect and 60 s to read each) can run
 * into their time-outs, with the waits between them. Behind API Gateway, which waits for 29 s, give 28 s; a queue that feeds the function
 * needs a visibility timeout of at least its `timeout`. Without a `memorySize` it has 512 MB. These are not Lambda's own 3 s and 128 MB.
 *
 * Errors: no standards above the construct; a runtime other than Node.js and Python (3.11 or newer); an environment variable of the
 * runtime's own (`PLUMBLINE_…`) among `environment`; an `IamProbe.DEEP` without a `BedrockTaskRole`; what `StandardLambdaMixin` refuses.
 */
export class StandardLambda extends Function {
  constructor(scope: Construct, id: string, props: StandardLambdaProps) {
    const { serviceName, kind, envelope, probe, alarms, traffic, allowOrigins, runtimeLayer, tracing, ...options } = props;
    super(scope, id, {
      ...options,
      runtime: props.runtime ?? Runtime.NODEJS_24_X,
      timeout: props.timeout ?? Duration.seconds(timeoutSeconds),
      memorySize: props.memorySize ?? memoryMb,
    });
    this.requireNoReservedVariables(props.environment);
    if (tracing) this.traceWith(tracing);
    new StandardLambdaMixin({ serviceName, kind, envelope, probe, alarms, traffic, allowOrigins, runtimeLayer }).applyTo(this);
  }

  /** Given to `Function`, tracing would add a statement on "*" to the role's own policy. */
  private traceWith(mode: Tracing): void {
    if (mode === Tracing.DISABLED) return;
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode };
    grantTracing(this);
  }

  private requireNoReservedVariables(environment: Record<string, string> = {}): void {
    const reserved = Object.keys(environment).filter(name => name.startsWith(RUNTIME_ENVIRONMENT.prefix));
    if (reserved.length === 0) return;
    throw teachingError(this, {
      problem: `Environment variables that start with ${RUNTIME_ENVIRONMENT.prefix} belong to the runtime layer`,
      given: reserved,
      allowed: 'any other name; the layer takes its settings from the props of the construct',
      fix: 'rename the variables, or use the props serviceName, kind and probe',
    });
  }
}
