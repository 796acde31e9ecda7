/** What a model behind an endpoint runs on. */
export interface EndpointInstanceOptions {
  /**
   * What the model runs on, for example `ml.g5.2xlarge`. One that the model cannot fit is an error, which names the cheapest that it can.
   *
   * @default - the first that the model's publisher lists, else the cheapest that it fits
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md
   */
  readonly instanceType?: string;

  /**
   * Up to five types, the best first, in the place of `instanceType`: where AWS has no instance of one free, SageMaker takes the next. Each
   * must fit the model, and all must have as many GPUs. The account needs a quota for each.
   *
   * @default - one type
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
   */
  readonly instanceTypes?: string[];

  /**
   * What an hour of one instance costs you, in USD: for the estimate that synth prints (`endpointCost`).
   *
   * @default - the list price of us-east-1, as far as the library knows it
   * @see https://github.com/cdk-plumbline/cdk-plumbline/blob/main/docs/sagemaker.md#cost
   */
  readonly pricePerHour?: number;
}
