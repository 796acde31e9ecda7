import { Duration } from 'aws-cdk-lib';

/** The alarms of an endpoint. */
export interface EndpointAlarmOptions {
  /**
   * Whether each variant has the alarms of the standard: on errors of the model server, on requests that it rejects, and on slow answers.
   * They go to the topic of the standards.
   *
   * @default true, below `Standards`; without them there is no product to name the alarms after, and none is made
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/alarms.md
   */
  readonly alarms?: boolean;

  /**
   * How long the model server may take for the slowest of a hundred answers before the alarm rings: whole milliseconds, and less than
   * the 60 s after which SageMaker gives up.
   *
   * @default Duration.seconds(54)
   */
  readonly slowAfter?: Duration;
}
