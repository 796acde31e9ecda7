import { Duration } from 'aws-cdk-lib';

/** The alarms of an endpoint. */
export interface EndpointAlarmOptions {
  /**
   * Whether the endpoint has the alarms of the standard. In real time they are on errors of the model server, on requests that it rejects,
   * and on slow answers; of an asynchronous endpoint on requests that fail, wait for long or expire, on notifications that fail, and on
   * slow answers. They go to the topic of the standards.
   *
   * @default true, below `Standards`; without them there is no product to name the alarms after, and none is made
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/alarms.md
   */
  readonly alarms?: boolean;

  /**
   * How long the model server may take before the alarm rings, in real time for the slowest of a hundred answers, behind an asynchronous
   * endpoint for any: whole milliseconds, and less than the 60 s after which SageMaker gives up, or the hour of an asynchronous endpoint.
   *
   * @default - 54 s, or 54 minutes of an asynchronous endpoint
   */
  readonly slowAfter?: Duration;

  /**
   * How old the oldest request of an asynchronous endpoint may get before the alarm rings: whole seconds, and less than the six hours
   * after which SageMaker drops it. AWS does not say whether a request that is being answered still counts: stay above an answer's time.
   *
   * @default - 3 hours; none in real time, where nothing waits
   */
  readonly waitingAfter?: Duration;
}
