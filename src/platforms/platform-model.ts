import { IConnectable, InterfaceVpcEndpointAwsService, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { PlatformNetwork } from './platform-network';
import { PlatformOptions } from './platform-options';
import { GenAiEndpoint } from '../sagemaker/gen-ai-endpoint';
import { GenAiModel } from '../sagemaker/gen-ai-model';

/** What the model of a platform is, and what its functions reach beside it. */
interface PlatformModelOptions extends Pick<PlatformOptions, 'vpc' | 'endpoint'> {
  readonly model: { readonly id: string; readonly version: string };
  /** By the id of the VPC endpoint. */
  readonly services?: Record<string, InterfaceVpcEndpointAwsService>;
}

/** The model of a platform and the network that it stands in: the platform's own, where none is given. */
export function platformModel(scope: Construct, { vpc, endpoint, model, services }: PlatformModelOptions): {
  readonly vpc: IVpc;
  readonly endpoint: GenAiEndpoint;
  /** Lets a function reach the model and the services. In a VPC of the user's that is theirs to do. */
  readonly letIn: (peer: IConnectable) => void;
} {
  const network = vpc ? undefined
    : new PlatformNetwork(scope, 'Network', { SageMakerRuntime: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME, ...services });
  const place = vpc ?? network!;
  return {
    vpc: place,
    endpoint: endpoint ?? new GenAiEndpoint(scope, 'Endpoint', { model: GenAiModel.jumpStart(model.id, model.version), vpc: place }),
    letIn: peer => network?.letIn(peer),
  };
}
