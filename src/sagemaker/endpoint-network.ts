import { ISecurityGroup, IVpc, Peer, Port, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { teachingError } from '../standards/teaching-error';

/** The network that the containers of an endpoint join. */
export interface EndpointNetwork {
  readonly vpc: IVpc;
  readonly subnetIds: string[];
  readonly securityGroups: ISecurityGroup[];
}

/** The part of the endpoint's properties that says which network. */
export interface NetworkOptions {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/** The network of an endpoint; undefined without a VPC. */
export function endpointNetwork(scope: Construct, { vpc, vpcSubnets, securityGroups }: NetworkOptions): EndpointNetwork | undefined {
  if (!vpc) {
    requireNoVpcOptions(scope, { vpcSubnets, securityGroups });
    return undefined;
  }
  return {
    vpc,
    subnetIds: vpc.selectSubnets(vpcSubnets).subnetIds,
    securityGroups: securityGroups?.length ? securityGroups : [httpsOnly(scope, vpc)],
  };
}

function requireNoVpcOptions(scope: Construct, options: NetworkOptions): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length === 0) return;
  throw teachingError(scope, {
    problem: 'Subnets and security groups belong to a VPC, and none is given',
    given,
    allowed: 'vpcSubnets and securityGroups together with vpc',
    fix: `give vpc, or remove ${given.join(' and ')}`,
  });
}

function httpsOnly(scope: Construct, vpc: IVpc): SecurityGroup {
  const description = 'SageMaker endpoint: HTTPS out, nothing in';
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: false, description });
  group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'Model files from S3');
  return group;
}
