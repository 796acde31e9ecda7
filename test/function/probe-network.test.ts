import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnRoute, InterfaceVpcEndpointAwsService as Endpoint, IVpc, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { MODEL, newStack, standardLambda, warningsOf, warningText } from './support';
import { BedrockTaskRole, IamProbe, StandardLambdaProps } from '../../src';

const ISOLATED = [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }];
const CLOSED = { natGateways: 0, subnetConfiguration: ISOLATED };

function probing(stack: Stack, vpc: IVpc, props: Partial<StandardLambdaProps> = {}): void {
  standardLambda(stack, { vpc, role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }), ...props });
}

const closedVpc = (stack: Stack): Vpc => new Vpc(stack, 'Vpc', CLOSED);

describe('a probe in a VPC that lets it reach nobody', () => {
  test('is warned of, with the endpoints to add', () => {
    const stack = newStack();
    probing(stack, closedVpc(stack));
    expect(warningsOf(stack)).toEqual(['probeWithoutEndpoints']);
    const text = warningText(stack, 'probeWithoutEndpoints');
    expect(text).toMatch(/sts and bedrock .* 2 s more/);
    expect(text).toContain("vpc.addInterfaceEndpoint('STS', { service: ec2.InterfaceVpcEndpointAwsService.STS });");
    expect(text).toContain('ec2.InterfaceVpcEndpointAwsService.BEDROCK });');
  });

  test('names only what is missing', () => {
    const stack = newStack();
    const vpc = closedVpc(stack);
    vpc.addInterfaceEndpoint('Sts', { service: Endpoint.STS });
    probing(stack, vpc);
    expect(warningText(stack, 'probeWithoutEndpoints')).toMatch(/cannot reach bedrock from/);
  });

  test('a DEEP probe asks the models too', () => {
    const stack = newStack();
    const vpc = closedVpc(stack);
    for (const service of ['STS', 'BEDROCK'] as const) vpc.addInterfaceEndpoint(service, { service: Endpoint[service] });
    probing(stack, vpc, { probe: IamProbe.DEEP });
    expect(warningText(stack, 'probeWithoutEndpoints')).toMatch(/cannot reach bedrock-runtime .*\.BEDROCK_RUNTIME \}/);
  });

  test('is warned of in a public subnet too: a function has no address of its own', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] });
    probing(stack, vpc, { vpcSubnets: { subnetType: SubnetType.PUBLIC }, allowPublicSubnet: true });
    expect(warningsOf(stack)).toEqual(['probeWithoutEndpoints']);
  });

  test('is warned of when the VPC is of another stack', () => {
    const stack = newStack({ account: '111122223333', region: 'us-east-1' });
    const network = new Stack(stack.node.root as App, 'Network', { env: { account: '111122223333', region: 'us-east-1' } });
    probing(stack, closedVpc(network));
    expect(warningsOf(stack)).toEqual(['probeWithoutEndpoints']);
  });
});

describe('nothing is said', () => {
  const quiet = (create: (stack: Stack) => void, env?: { account: string; region: string }) => {
    const stack = newStack(env);
    create(stack);
    expect(warningsOf(stack)).toEqual([]);
  };

  test('with both endpoints, added after the function or in another stack', () => {
    quiet(stack => {
      const vpc = closedVpc(stack);
      probing(stack, vpc);
      vpc.addInterfaceEndpoint('Sts', { service: Endpoint.STS });
      vpc.addInterfaceEndpoint('Bedrock', { service: Endpoint.BEDROCK });
    });
  });

  test('with endpoints for FIPS', () => quiet(stack => {
    const vpc = closedVpc(stack);
    vpc.addInterfaceEndpoint('Sts', { service: Endpoint.STS });
    vpc.addInterfaceEndpoint('Bedrock', { service: Endpoint.BEDROCK_FIPS });
    probing(stack, vpc);
  }));

  test('with a NAT gateway', () => quiet(stack => probing(stack, new Vpc(stack, 'Vpc', { maxAzs: 1 }))));

  test('with a route to anything else, such as a transit gateway', () => quiet(stack => {
    const vpc = closedVpc(stack);
    vpc.isolatedSubnets.forEach((subnet, index) => new CfnRoute(stack, `Route${index}`, {
      routeTableId: (subnet as Subnet).routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-1',
    }));
    probing(stack, vpc);
  }));

  test('of an imported VPC', () => quiet(stack => probing(stack, Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['rtb-1'],
  }))));

  test('of a VPC that is looked up', () => quiet(
    stack => probing(stack, Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' }), { vpcSubnets: { subnets: [] } }),
    { account: '111122223333', region: 'us-east-1' },
  ));

  test('of an endpoint whose service is known only at deployment', () => quiet(stack => {
    const vpc = closedVpc(stack);
    const service = new CfnParameter(stack, 'Service').valueAsString;
    vpc.addInterfaceEndpoint('Any', { service: { name: service, port: 443 } });
    probing(stack, vpc);
  }));

  test('without a probe, and without a VPC', () => {
    quiet(stack => probing(stack, closedVpc(stack), { probe: IamProbe.NONE }));
    quiet(stack => standardLambda(stack, { role: new BedrockTaskRole(stack, 'Role', { allowedModels: [MODEL] }) }));
  });
});
