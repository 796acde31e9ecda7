import { ITopic } from 'aws-cdk-lib/aws-sns';
import { PayloadLocation } from './payload-location';

/** Options of `Inference.realtime`. */
export interface RealtimeInferenceOptions {
  /**
   * How many instances the endpoint starts with.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}

/** Options of `Inference.asynchronous`. */
export interface AsynchronousInferenceOptions {
  /** Where SageMaker writes the answers. */
  readonly output: PayloadLocation;

  /**
   * Where SageMaker writes why a request failed.
   *
   * @default - beside the answers
   */
  readonly failure?: PayloadLocation;

  /**
   * Where callers put requests that are too large to be sent in the call itself, which takes 128,000 bytes.
   *
   * @default - none: callers send each request in the call
   */
  readonly input?: PayloadLocation;

  /**
   * The topic that hears of each answer, and where it lies. Of the endpoint's own Region.
   *
   * @default - none: callers look into `output`
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that hears of each request that failed, and why. Of the endpoint's own Region.
   *
   * @default - none: callers look into `failure`
   */
  readonly errorTopic?: ITopic;

  /**
   * How many requests one instance works on at once; 1 to 1000.
   *
   * @default - SageMaker decides
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceClientConfig.html
   */
  readonly concurrencyPerInstance?: number;

  /**
   * How many instances the endpoint starts with. SageMaker takes no 0 here: `scaling` goes down to it later.
   *
   * @default 1
   */
  readonly initialInstanceCount?: number;
}
