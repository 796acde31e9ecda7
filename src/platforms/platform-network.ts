import {
  FlowLogDestination, GatewayVpcEndpointAwsService, IConnectable, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, IpAddresses,
  SubnetConfiguration, SubnetSelection, SubnetType, Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LOGGING, PLATFORM_NETWORK } from '../contract/data';

const { cidr, zones, reservedMask, subnetMask } = PLATFORM_NETWORK;

/**
 * The first block stays free, so that the public subnets are 10.0.1.0/24 and 10.0.2.0/24, and the private ones 10.0.3.0/24 and
 * 10.0.4.0/24.
 */
const SUBNETS: SubnetConfiguration[] = [
  { name: 'Reserved', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: reservedMask, reserved: true },
  { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: subnetMask, mapPublicIpOnLaunch: false },
  { name: 'Private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: subnetMask },
];

const PRIVATE_SUBNETS: SubnetSelection = { subnetType: SubnetType.PRIVATE_ISOLATED };

/**
 * The network of a platform: two zones, public and private subnets, and no NAT. What stands in the private ones reaches the services
 * that it has an endpoint of, once it is let in, and S3 and DynamoDB. Nothing of the platform stands in the public ones.
 */
export class PlatformNetwork extends Vpc {
  private readonly endpoints: InterfaceVpcEndpoint[];

  constructor(scope: Construct, id: string, services: Record<string, InterfaceVpcEndpointAwsService>) {
    super(scope, id, {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: zones,
      natGateways: 0,
      subnetConfiguration: SUBNETS,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    const flowLogs = new LogGroup(this, 'FlowLogs', { retention: LOGGING.retentionDays });
    this.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(flowLogs) });
    this.endpoints = Object.entries(services).map(([name, service]) =>
      this.addInterfaceEndpoint(name, { service, subnets: PRIVATE_SUBNETS, open: false }));
  }

  /** Lets somebody in the VPC reach the services. */
  public letIn(peer: IConnectable): void {
    for (const endpoint of this.endpoints) endpoint.connections.allowDefaultPortFrom(peer);
  }
}
