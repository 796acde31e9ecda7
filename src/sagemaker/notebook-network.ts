import { ISecurityGroup, ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { httpsOnly } from './endpoint-network';
import { onlyEndpointsOf } from '../standards/late-values/closed-subnets';
import { teachingError } from '../standards/teaching-error';
import { warnAtSynth } from '../standards/warnings';

/** The VPC endpoint of SageMaker's API: `com.amazonaws.<Region>.sagemaker.api`. */
const SAGEMAKER_API = 'sagemaker.api';

/** Where a notebook instance stands. */
export interface NotebookNetwork {
  readonly subnetId: string;
  readonly securityGroups: ISecurityGroup[];
}

/** The part of the notebook's properties that says where. */
export interface NotebookNetworkOptions {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/** The network of a notebook instance, which is private: its only way out is that of its subnet. */
export function notebookNetwork(scope: Construct, { vpc, vpcSubnets, securityGroups }: NotebookNetworkOptions): NotebookNetwork {
  if (!vpc) throw withoutVpc(scope);
  const { subnets } = vpc.selectSubnets(vpcSubnets);
  const subnet = requirePrivate(scope, vpc, subnets);
  warnAtSynth(scope, () => [findWithoutSageMaker(scope, subnet)]);
  const description = 'SageMaker notebook: HTTPS out, nothing in';
  return {
    subnetId: subnet.subnetId,
    securityGroups: securityGroups?.length ? securityGroups : [httpsOnly(scope, vpc, { description, why: 'APIs of AWS' })],
  };
}

function requirePrivate(scope: Construct, vpc: IVpc, [subnet]: ISubnet[]): ISubnet {
  if (subnet && !vpc.publicSubnets.includes(subnet)) return subnet;
  throw teachingError(scope, {
    problem: 'A notebook instance stands in a private subnet',
    given: subnet ? { publicSubnet: subnet.node.path } : 'no subnet',
    allowed: 'private subnets of the VPC, with a way out or with VPC endpoints',
    fix: 'vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }',
  });
}

function findWithoutSageMaker(scope: Construct, { subnetId }: ISubnet) {
  const endpoints = onlyEndpointsOf(scope, [subnetId]);
  if (!endpoints || endpoints.includes(SAGEMAKER_API)) return undefined;
  return {
    id: 'notebookWithoutSageMaker',
    message: 'The notebook instance has no way to the API of SageMaker: its subnet has no way out of the VPC, and the VPC has no endpoint '
      + 'of it. It would see no endpoint, and never stop when nobody works. Add the endpoint: '
      + 'vpc.addInterfaceEndpoint(\'SageMaker\', { service: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API });',
  };
}

function withoutVpc(scope: Construct): Error {
  return teachingError(scope, {
    problem: 'A notebook instance stands in a private subnet, and no VPC is given',
    given: { vpc: undefined },
    allowed: 'a VPC with private subnets; without one, that of the endpoint is taken',
    fix: 'give vpc',
  });
}
