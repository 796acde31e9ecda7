import { ITopic } from 'aws-cdk-lib/aws-sns';
import { PayloadLocation } from './payload-location';

/** Options of `Inference.realtime`. */
export interface RealtimeInferenceOptions {
  /**
   * How many instances the endpoint starts with.
   *
   * @default - 1, or as many as `scaling` wants at least
   */
  readonly initialInstanceCount?: number;

  /**
   * Whether `scaling` and `schedule` may take the last instance away. The endpoint hosts the model as an inference component then, and
   * callers name it: `InferenceComponentName` beside `EndpointName`. Without an instance requests are refused, until one has started.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
   */
  readonly scaleToZero?: boolean;
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
   * @default - 1, or as many as `scaling` wants at least
   */
  readonly initialInstanceCount?: number;
}
