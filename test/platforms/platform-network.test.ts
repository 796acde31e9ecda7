import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { PlatformNetwork } from '../../src/platforms/platform-network';

function networkIn(stackProps: StackProps = {}): { stack: Stack; template: Template } {
  const stack = new Stack(new App(), 'Stack', stackProps);
  new PlatformNetwork(stack, 'Network', { SageMaker: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME });
  return { stack, template: Template.fromStack(stack) };
}

describe.each<[string, StackProps]>([
  ['anywhere', {}],
  ['in a known Region', { env: { account: '111122223333', region: 'ap-northeast-1' } }],
])('%s', (_name, stackProps) => {
  const { template } = networkIn(stackProps);

  test('public and private subnets stand in two zones, at the addresses of FACTS 7', () => {
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    const kindOf = (subnet: { Tags: { Key: string; Value: string }[] }) =>
      subnet.Tags.find(({ Key }) => Key === 'aws-cdk:subnet-name')!.Value;
    expect(subnets.map(subnet => [kindOf(subnet), subnet.CidrBlock])).toEqual([
      ['Public', '10.0.1.0/24'], ['Public', '10.0.2.0/24'], ['Private', '10.0.3.0/24'], ['Private', '10.0.4.0/24'],
    ]);
    const zonesOf = (kind: string) => new Set(subnets.filter(one => kindOf(one) === kind).map(one => JSON.stringify(one.AvailabilityZone)));
    expect([zonesOf('Public').size, zonesOf('Private').size]).toEqual([2, 2]);
  });

  test('the private subnets have no way out but endpoints', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    const kinds = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties.VpcEndpointType);
    expect(kinds.sort()).toEqual(['Gateway', 'Gateway', 'Interface']);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: Match.anyValue(),
    });
  });

  test('no address is given out in the public ones, and traffic is logged', () => {
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });
});
