import { Duration, Token } from 'aws-cdk-lib';
import { CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { ENDPOINT_SETTINGS } from '../contract/data';
import { teachingError } from '../standards/teaching-error';

const { canaryPercent, linearPercent, rollingPercent, maxWaitSeconds } = ENDPOINT_SETTINGS.deployment;

/** Options of `EndpointDeployment.allAtOnce`. */
export interface AllAtOnceDeploymentOptions {
  /**
   * How long the old instances stay after the new ones have all the traffic; at most 1 hour. An alarm in this time gives it back to them.
   *
   * @default Duration.minutes(5)
   */
  readonly keepOldFor?: Duration;
}

/** Options of `EndpointDeployment.canary`. */
export interface CanaryDeploymentOptions extends AllAtOnceDeploymentOptions {
  /**
   * The part of the instances that gets traffic first, in percent; at most 50.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * How long this part is watched before the rest follows; at most 1 hour.
   *
   * @default Duration.minutes(10)
   */
  readonly watchFor?: Duration;
}

/** Options of `EndpointDeployment.linear`. */
export interface LinearDeploymentOptions extends AllAtOnceDeploymentOptions {
  /**
   * The part of the instances that gets traffic at each step, in percent; 10 to 50.
   *
   * @default 25
   */
  readonly percent?: number;

  /**
   * How long each step is watched; at most 1 hour.
   *
   * @default Duration.minutes(5)
   */
  readonly watchFor?: Duration;
}

/** Options of `EndpointDeployment.rolling`. */
export interface RollingDeploymentOptions {
  /**
   * The part of the instances that is replaced at a time, in percent; 5 to 50.
   *
   * @default 50
   */
  readonly percent?: number;

  /**
   * How long each batch is watched; at most 1 hour.
   *
   * @default Duration.minutes(5)
   */
  readonly watchFor?: Duration;
}

/**
 * How an update reaches the instances. An alarm of `GenAiEndpoint.addRollbackAlarm` that rings meanwhile takes it back.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export class EndpointDeployment {
  /** Blue/green: new instances beside the old ones, then all the traffic at once. Needs the quota of twice the instances. */
  public static allAtOnce(options: AllAtOnceDeploymentOptions = {}): EndpointDeployment {
    return new EndpointDeployment(scope => blueGreen(scope, options, { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 0 }));
  }

  /** Blue/green: a part of the traffic first, then the rest. Needs the quota of twice the instances. */
  public static canary(options: CanaryDeploymentOptions = {}): EndpointDeployment {
    return new EndpointDeployment(scope => blueGreen(scope, options, {
      type: 'CANARY',
      waitIntervalInSeconds: secondsOf(scope, 'watchFor', options.watchFor ?? Duration.minutes(10)),
      canarySize: percentOf(scope, options.percent ?? 10, canaryPercent),
    }));
  }

  /** Blue/green: the traffic in steps. Needs the quota of twice the instances. */
  public static linear(options: LinearDeploymentOptions = {}): EndpointDeployment {
    return new EndpointDeployment(scope => blueGreen(scope, options, {
      type: 'LINEAR',
      waitIntervalInSeconds: secondsOf(scope, 'watchFor', options.watchFor ?? Duration.minutes(5)),
      linearStepSize: percentOf(scope, options.percent ?? 25, linearPercent),
    }));
  }

  /** A batch of instances after the other: for types of which the account has no quota for twice as many. */
  public static rolling(options: RollingDeploymentOptions = {}): EndpointDeployment {
    return new EndpointDeployment(scope => ({
      rollingUpdatePolicy: {
        maximumBatchSize: percentOf(scope, options.percent ?? 50, rollingPercent),
        waitIntervalInSeconds: secondsOf(scope, 'watchFor', options.watchFor ?? Duration.minutes(5)),
      },
    }), true);
  }

  private constructor(
    private readonly configOf: (scope: Construct) => CfnEndpoint.DeploymentConfigProperty,
    /**
     * Whether it replaces a batch of instances after the other.
     *
     * @internal
     */
    public readonly _isRolling = false,
  ) {}

  /**
   * The update of an endpoint at `scope`.
   *
   * @internal
   */
  public _bind(scope: Construct): CfnEndpoint.DeploymentConfigProperty {
    return this.configOf(scope);
  }

  /**
   * The update of an inference component at `scope`.
   *
   * @internal
   */
  public _bindComponent(scope: Construct): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
    const { rollingUpdatePolicy } = this.configOf(scope) as CfnInferenceComponent.InferenceComponentDeploymentConfigProperty;
    if (this._isRolling) return { rollingUpdatePolicy };
    throw teachingError(scope, {
      problem: 'With scaleToZero SageMaker replaces the copies of the model batch by batch, not blue/green',
      given: 'a blue/green deployment',
      allowed: 'EndpointDeployment.rolling',
      fix: 'deployment: EndpointDeployment.rolling()',
    });
  }
}

function blueGreen(
  scope: Construct, { keepOldFor }: AllAtOnceDeploymentOptions, trafficRoutingConfiguration: CfnEndpoint.TrafficRoutingConfigProperty,
): CfnEndpoint.DeploymentConfigProperty {
  const terminationWaitInSeconds = secondsOf(scope, 'keepOldFor', keepOldFor ?? Duration.minutes(5));
  return { blueGreenUpdatePolicy: { terminationWaitInSeconds, trafficRoutingConfiguration } };
}

function percentOf(scope: Construct, percent: number, { min, max }: { min: number; max: number }): CfnEndpoint.CapacitySizeProperty {
  if (Token.isUnresolved(percent) || (Number.isInteger(percent) && percent >= min && percent <= max)) {
    return { type: 'CAPACITY_PERCENT', value: percent };
  }
  throw teachingError(scope, {
    problem: 'SageMaker takes no such part of the instances at a time',
    given: percent,
    allowed: `a whole number of percent, ${min} to ${max}`,
    fix: `percent: ${max}`,
  });
}

function secondsOf(scope: Construct, name: string, duration: Duration): number {
  if (duration.isUnresolved()) return duration.toSeconds();
  const seconds = duration.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds <= maxWaitSeconds) return seconds;
  throw teachingError(scope, {
    problem: `SageMaker takes no such time for an update: ${name}`,
    given: duration.toString(),
    allowed: `whole seconds, at most ${maxWaitSeconds}`,
    fix: `${name}: Duration.minutes(5)`,
  });
}
