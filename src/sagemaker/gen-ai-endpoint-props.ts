import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { EndpointAlarmOptions } from './endpoint-alarm-options';
import { EndpointInstanceOptions } from './endpoint-instance-options';
import { EndpointOperationOptions } from './endpoint-operation-options';
import { EndpointVariant } from './endpoint-variant';
import { GenAiModel } from './gen-ai-model';
import { Inference } from './inference';

/** Properties of `GenAiEndpoint`. */
export interface GenAiEndpointProps extends EndpointInstanceOptions, EndpointAlarmOptions, EndpointOperationOptions {
  /** The model, for example `GenAiModel.jumpStart('huggingface-llm-falcon-7b-instruct-bf16', '4.6.16')`. */
  readonly model: GenAiModel;

  /**
   * How callers are served.
   *
   * @default Inference.realtime()
   */
  readonly inference?: Inference;

  /**
   * Further models that share the traffic, each on instances of its own, with scaling, alarms and a role of its own. In real time only,
   * and not with `scaleToZero`.
   *
   * @default - none: the model has all the traffic
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html
   */
  readonly furtherVariants?: EndpointVariant[];

  /**
   * The part of the traffic that stays with `model`, beside `furtherVariants`: its weight in the sum of all weights. A number from 0.
   *
   * @default 1
   */
  readonly weight?: number;

  /**
   * Encrypts the disks of the instances. SageMaker refuses a key for types with local disks (g4dn, g5), which the instance
   * encrypts itself; where only the deployment knows the type, a warning says so (`encryptionKeyMayBeRefused`).
   *
   * @default - a key of SageMaker, or of the instance
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether the container is cut off from the network. SageMaker brings the files of a model in S3, so such a one needs none; a model that
   * its container downloads itself, as from Hugging Face, does, and `true` is an error for it.
   *
   * @default - true, but for a model that needs the network
   */
  readonly networkIsolation?: boolean;

  /**
   * The VPC that the container joins. It needs a way to S3, for example a gateway endpoint, to load the model.
   *
   * @default - none
   */
  readonly vpc?: IVpc;

  /**
   * Subnets of the VPC; at least two zones, so that the endpoint survives the loss of one.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the container.
   *
   * @default - a new one that lets HTTPS out and nothing in
   */
  readonly securityGroups?: ISecurityGroup[];
}
