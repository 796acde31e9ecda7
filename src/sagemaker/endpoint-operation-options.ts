import { Duration } from 'aws-cdk-lib';
import { DataCapture } from './data-capture';
import { EndpointDeployment } from './endpoint-deployment';
import { EndpointScaling } from './endpoint-scaling';
import { EndpointSchedule } from './endpoint-schedule';

/** How an endpoint is run: how many instances, when, and how they are replaced. */
export interface EndpointOperationOptions {
  /**
   * How the number of instances follows the traffic.
   *
   * @default - none: as many as it starts with
   */
  readonly scaling?: EndpointScaling;

  /**
   * When the instances are stopped and started. For endpoints that can go without: asynchronous ones, and real-time ones with
   * `scaleToZero`.
   *
   * @default - they run all the time
   */
  readonly schedule?: EndpointSchedule;

  /**
   * How an update reaches the instances, and when it is taken back.
   *
   * @default - blue/green, all the traffic at once, or batch by batch with `scaleToZero`; taken back by no alarm
   */
  readonly deployment?: EndpointDeployment;

  /**
   * Keeps requests and answers in S3. Of real-time endpoints only.
   *
   * @default - none are kept
   */
  readonly dataCapture?: DataCapture;

  /**
   * How long an instance may take to load the model from S3: 1 minute to 1 hour.
   *
   * @default Duration.minutes(20)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly modelDownloadTimeout?: Duration;

  /**
   * How long the container may take, once it has the model, until it is healthy: 1 minute to 1 hour.
   *
   * @default Duration.minutes(10)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly containerStartupTimeout?: Duration;

  /**
   * How long SageMaker looks for instances where AWS has none free, over all `instanceTypes` together: 5 minutes to 1 hour.
   *
   * @default - SageMaker decides
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
   */
  readonly capacityTimeout?: Duration;
}
