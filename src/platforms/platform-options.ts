import { UsagePlanProps } from 'aws-cdk-lib/aws-apigateway';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ISource } from 'aws-cdk-lib/aws-s3-deployment';
import { GenAiEndpoint } from '../sagemaker/gen-ai-endpoint';

/** What the two platforms have in common. */
export interface PlatformOptions {
  /**
   * The endpoint of the model; it may serve others, too.
   *
   * @default - one of the platform's own, in its VPC, on one `ml.g5.2xlarge`: it costs money from the first minute, used or not
   */
  readonly endpoint?: GenAiEndpoint;

  /**
   * The VPC of functions and model, in private subnets. Those need a way to what the platform calls: the SageMaker runtime, S3, and for
   * images DynamoDB and SQS.
   *
   * @default - one of the platform's own: 10.0.0.0/16 in two zones, endpoints of these services, and no NAT
   */
  readonly vpc?: IVpc;

  /**
   * Whoever signs in here may call the API: requests bring an ID token in the header `Authorization`.
   *
   * @default - nobody signs in: requests bring an API key, and the checks of AwsSolutions find that (APIG4, COG4)
   */
  readonly userPool?: IUserPool;

  /**
   * How much each holder of an API key may call. The key is made with the platform and stands in no template and on no page:
   * `aws apigateway get-api-key --include-value`. An API key is no proof of who calls.
   *
   * @default - without a `userPool`: 10 requests a second, 20 at once and 10,000 a day; with one: no plan, and no key
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   */
  readonly usagePlan?: UsagePlanProps;

  /**
   * Whether the platform sets the role by which API Gateway writes logs, once for the whole account: see `StandardRestApi`.
   *
   * @default - synth warns unless the app sets it elsewhere
   */
  readonly cloudWatchRole?: boolean;

  /**
   * The pages.
   *
   * @default - one plain page, which tells the address of the API
   */
  readonly pages?: ISource[];
}
