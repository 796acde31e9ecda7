import { Token } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, Peer, Port, SecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { onlyEndpointsOf } from '../standards/late-values/closed-subnets';
import { teachingError } from '../standards/teaching-error';
import { Warning, warnAtSynth } from '../standards/warnings';

/** The network that the containers of an endpoint join. */
export interface EndpointNetwork {
  readonly vpc: IVpc;
  readonly subnetIds: string[];
  /** Each once; tokens where only the deployment knows them. */
  readonly zones: string[];
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
  const { subnetIds, availabilityZones } = vpc.selectSubnets(vpcSubnets);
  return {
    vpc,
    subnetIds,
    zones: [...new Set(availabilityZones)],
    securityGroups: securityGroups?.length ? securityGroups : [httpsOnly(scope, vpc, {
      description: 'SageMaker endpoint: HTTPS out, nothing in', why: 'Model files from S3',
    })],
  };
}

/**
 * Warns of a network in which the endpoint cannot start, or does not survive the loss of a zone.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
 */
export function warnOfNetwork(scope: Construct, network: EndpointNetwork, instances: number): void {
  warnAtSynth(scope, () => [findWithoutModelFiles(scope, network), findOneZone(network, instances)]);
}

function findWithoutModelFiles(scope: Construct, { subnetIds }: EndpointNetwork): Warning | undefined {
  const endpoints = onlyEndpointsOf(scope, subnetIds);
  if (!endpoints || endpoints.includes('s3')) return undefined;
  return {
    id: 'endpointWithoutModelFiles',
    message: 'The endpoint\'s subnets have no way to S3, from which its model comes: they have no way out of the VPC, and the VPC has no '
      + 'endpoint of S3. Its creation would fail after the time for the download. Add the endpoint: '
      + 'vpc.addGatewayEndpoint(\'S3\', { service: ec2.GatewayVpcEndpointAwsService.S3 });',
  };
}

/** One instance stands in one zone, whatever the subnets are. */
function findOneZone({ zones }: EndpointNetwork, instances: number): Warning | undefined {
  if (zones.length !== 1 || Token.isUnresolved(zones[0]) || Token.isUnresolved(instances) || instances < 2) return undefined;
  return {
    id: 'endpointInOneZone',
    message: `All ${instances} instances stand in one zone, ${zones[0]}, so the endpoint does not survive its loss. `
      + 'Give vpcSubnets in at least two zones.',
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

/** A security group for what SageMaker runs in a VPC; both texts are kept by CloudFormation, which replaces the group for another. */
export function httpsOnly(scope: Construct, vpc: IVpc, { description, why }: { description: string; why: string }): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: false, description });
  group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, why);
  return group;
}
