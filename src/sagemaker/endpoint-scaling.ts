import { Duration } from 'aws-cdk-lib';
import { ScalingTarget } from './scaling-target';

/** How the number of instances follows the traffic. */
export interface EndpointScaling {
  /**
   * How many instances run at least. Zero for asynchronous endpoints, and for `Inference.realtime({ scaleToZero: true })`; the first
   * request starts one then, and waits or is refused for the minutes that it takes.
   *
   * @default - 0 where it can be, else 1
   */
  readonly minInstances?: number;

  /** How many instances run at most. The account's quota for the instance type must allow for as many. */
  readonly maxInstances: number;

  /**
   * What one instance should have to do.
   *
   * @default - 5 concurrent requests in real time, 5 waiting requests of asynchronous endpoints
   */
  readonly target?: ScalingTarget;

  /**
   * How long after instances were added more can be. Whole seconds.
   *
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * How long after instances were taken away more can be. Whole seconds. A new instance loads its model for minutes, so a short pause in
   * the traffic should not take it away.
   *
   * @default Duration.minutes(10)
   */
  readonly scaleInCooldown?: Duration;
}
