import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, IVpc, SecurityGroup, SubnetType, Vpc, VpcProps,
} from 'aws-cdk-lib/aws-ec2';
import { falcon, stackWith, statementsOf, VIRGINIA } from './support/endpoint-stack';
import { GenAiEndpoint, GenAiEndpointProps, Inference } from '../../src/sagemaker';

describe('in a VPC', () => {
  function inVpc(props: (stack: Stack, vpc: Vpc) => Partial<GenAiEndpointProps> = () => ({})) {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const endpoint = new GenAiEndpoint(stack, 'Falcon', { model: falcon(), vpc, ...props(stack, vpc) });
    return { stack, endpoint };
  }

  test('it joins the private subnets with a security group that lets only HTTPS out', () => {
    const template = Template.fromStack(inVpc().stack);
    template.hasResourceProperties('AWS::SageMaker::Model', {
      VpcConfig: {
        Subnets: [{ Ref: Match.stringLikeRegexp('PrivateSubnet1') }, { Ref: Match.stringLikeRegexp('PrivateSubnet2') }],
        SecurityGroupIds: [Match.anyValue()],
      },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(), SecurityGroupEgress: [Match.objectLike({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    });
  });

  test('its role may make network interfaces in these subnets and with these groups only', () => {
    const statements = statementsOf(Template.fromStack(inVpc().stack));
    expect(JSON.stringify(statements.CreateNetworkInterface.Resource)).toMatch(
      /network-interface\/\*.*subnet\/.*PrivateSubnet1.*subnet\/.*PrivateSubnet2.*security-group\//,
    );
    expect(statements.UseNetworkInterfacesOfVpc.Condition).toEqual({ ArnEquals: { 'ec2:Vpc': expect.anything() } });
    expect(Object.keys(statements)).toEqual(
      expect.arrayContaining(['CreateNetworkInterface', 'UseNetworkInterfacesOfVpc', 'DescribeNetwork']),
    );
  });

  test('subnets and security groups of the caller are used', () => {
    const { stack, endpoint } = inVpc((scope, vpc) => ({
      vpcSubnets: { subnetType: SubnetType.PUBLIC }, securityGroups: [new SecurityGroup(scope, 'Mine', { vpc })],
    }));
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', {
      VpcConfig: {
        Subnets: [{ Ref: Match.stringLikeRegexp('PublicSubnet1') }, Match.anyValue()],
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Mine'), 'GroupId'] }],
      },
    });
    expect(endpoint.connections.securityGroups).toHaveLength(1);
  });

  test.each<[string, (stack: Stack) => IVpc, unknown]>([
    ['of another account', stack => imported(stack, 'arn:aws:ec2:us-east-1:999999999999:vpc/vpc-1'), ':999999999999:'],
    ['of an account that only the deployment knows', stack => imported(stack, new CfnParameter(stack, 'VpcArn').valueAsString),
      { 'Fn::Select': [4, { 'Fn::Split': [':', { Ref: 'VpcArn' }] }] }],
    ['of this account', stack => imported(stack, 'arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1'), ':111122223333:'],
  ])('in a VPC %s the role may use the subnets of its owner', (_whose, vpcIn, account) => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const vpc = vpcIn(stack);
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), vpc });
    const resources = statementsOf(Template.fromStack(stack)).CreateNetworkInterface.Resource as unknown[];
    const subnets = resources.filter(resource => JSON.stringify(resource).includes('subnet/'));
    expect(subnets).toHaveLength(2);
    for (const subnet of subnets) expect(JSON.stringify(subnet)).toContain(typeof account === 'string' ? account : JSON.stringify(account));
  });

  /** As a construct library of somebody's own may import one: the ARN says whose it is. */
  function imported(stack: Stack, vpcArn: string): IVpc {
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'],
    });
    Object.defineProperty(vpc, 'vpcArn', { value: vpcArn });
    return vpc;
  }

  describe('is warned of', () => {
    const ISOLATED = { subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] };
    const warningsOf = (vpcProps: VpcProps, props: Partial<GenAiEndpointProps> = {}, prepare: (vpc: Vpc) => void = () => {}): string[] => {
      const stack = new Stack(new App(), 'Stack', VIRGINIA);
      const vpc = new Vpc(stack, 'Vpc', vpcProps);
      new GenAiEndpoint(stack, 'Falcon', { model: falcon(), vpc, vpcSubnets: { subnets: vpc.isolatedSubnets.slice() }, ...props });
      // After the endpoint, as an app may.
      prepare(vpc);
      (stack.node.root as App).synth();
      return Annotations.fromStack(stack).findWarning('/Stack/Falcon', Match.anyValue()).map(({ entry }) => String(entry.data));
    };

    test('subnets from which nothing reaches the model\'s files', () => {
      expect(warningsOf({ maxAzs: 2, ...ISOLATED })).toEqual([
        expect.stringMatching(/no way to S3.*addGatewayEndpoint\('S3'.*cdk-plumbline:endpointWithoutModelFiles/),
      ]);
    });

    test.each<[string, (vpc: Vpc) => void]>([
      ['a gateway endpoint', vpc => vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })],
      ['an interface endpoint', vpc => vpc.addInterfaceEndpoint('S3', { service: InterfaceVpcEndpointAwsService.S3 })],
    ])('none with %s of S3', (_what, prepare) => {
      expect(warningsOf({ maxAzs: 2, ...ISOLATED }, {}, prepare)).toEqual([]);
    });

    test('an endpoint of another service that does not help', () => {
      const addSts = (vpc: Vpc) => vpc.addInterfaceEndpoint('Sts', { service: InterfaceVpcEndpointAwsService.STS });
      expect(warningsOf({ maxAzs: 2, ...ISOLATED }, {}, addSts)).toHaveLength(1);
    });

    test('none where a NAT gateway leads out', () => {
      expect(warningsOf({ maxAzs: 2, natGateways: 1 }, { vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } })).toEqual([]);
    });

    test.each([[1, 1, 0], [1, 2, 1], [2, 2, 0]])('%d zones with %d instances: %d', (maxAzs, initialInstanceCount, expected) => {
      const inference = Inference.realtime({ initialInstanceCount });
      const vpcSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
      const warnings = warningsOf({ maxAzs, natGateways: 1 }, { inference, vpcSubnets });
      expect(warnings).toHaveLength(expected);
      for (const warning of warnings) expect(warning).toMatch(/one zone, us-east-1a|one zone, dummy1a/);
    });
  });

  test('without a VPC, subnets and security groups are refused, and there are no connections', () => {
    expect(() => stackWith({ vpcSubnets: { subnetType: SubnetType.PUBLIC } })).toThrow(/belong to a VPC[^]*give vpc, or remove vpcSubnets/);
    expect(() => stackWith().endpoint.connections).toThrow(/\[Stack\/Falcon\] The endpoint has no network access to manage/);
  });
});
