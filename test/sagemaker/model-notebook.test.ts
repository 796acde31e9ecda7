import { App, CfnParameter, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { falcon, STABLE_DIFFUSION, Statement, VIRGINIA } from './support/endpoint-stack';
import { asynchronous, component, only } from './support/operated-endpoint';
import { PlumblineChecks } from '../../src/governance';
import { GenAiEndpoint, GenAiEndpointProps, GenAiModel, ModelNotebook, ModelNotebookProps } from '../../src/sagemaker';
import { actionsOf, everyPrefix } from '../bedrock/support/action-data';
import { ACCOUNT, allows } from '../bedrock/support/simulation';
import { rolePolicies } from '../operations/support/role-policies';

type Props = Partial<ModelNotebookProps>;

function notebookWith(props: (stack: Stack, vpc: Vpc) => Props = () => ({})) {
  const stack = new Stack(new App(), 'Stack', VIRGINIA);
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false });
  vpc.addFlowLog('Flow');
  const endpoint = new GenAiEndpoint(stack, 'Falcon', { model: falcon() });
  return { stack, vpc, notebook: new ModelNotebook(stack, 'Notebook', { endpoint, vpc, ...props(stack, vpc) }) };
}

const templateOf = (...given: Parameters<typeof notebookWith>): Template => Template.fromStack(notebookWith(...given).stack);
const instanceOf = (template: Template) => only(template, 'AWS::SageMaker::NotebookInstance');

describe('a notebook instance', () => {
  const { stack } = notebookWith();
  const template = Template.fromStack(stack);
  const { Properties, DependsOn } = instanceOf(template);

  test('is encrypted, private, without root and without the old metadata service', () => {
    const { id: key } = only(template, 'AWS::KMS::Key');
    expect(Properties).toEqual({
      NotebookInstanceName: expect.stringMatching(/^stack-notebook-[0-9a-f]{8}-[0-9a-f]{8}$/),
      InstanceType: 'ml.t3.medium',
      PlatformIdentifier: 'notebook-al2023-v1',
      VolumeSizeInGB: 5,
      KmsKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
      RootAccess: 'Disabled',
      DirectInternetAccess: 'Disabled',
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: '2' },
      SubnetId: { Ref: expect.stringMatching(/^VpcPrivateSubnet1/) },
      SecurityGroupIds: [{ 'Fn::GetAtt': [expect.stringMatching(/^NotebookSecurityGroup/), 'GroupId'] }],
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^NotebookRole/), 'Arn'] },
      LifecycleConfigName: { 'Fn::GetAtt': [expect.stringMatching(/^NotebookLifecycle/), 'NotebookInstanceLifecycleConfigName'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'SageMaker notebook: HTTPS out, nothing in',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443 })],
    });
  });

  test('starts beside the endpoint, not after it, and with the rights of its script', () => {
    const { Properties: { OnStart, OnCreate } } = only(template, 'AWS::SageMaker::NotebookInstanceLifecycleConfig');
    const { EndpointName } = only(template, 'AWS::SageMaker::Endpoint').Properties;
    expect(OnCreate).toBeUndefined();
    expect(OnStart).toEqual([{ Content: { 'Fn::Base64': expect.stringContaining(`"endpoint":"${EndpointName}","idleMinutes":60`) } }]);
    expect(DependsOn).toEqual([expect.stringMatching(/^NotebookRolePolicy/)]);
    expect(JSON.stringify([Properties, OnStart, only(template, 'AWS::SageMaker::NotebookInstanceLifecycleConfig')]))
      .not.toContain(`"${only(template, 'AWS::SageMaker::Endpoint').id}"`);
    const [script] = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties: { PolicyDocument } }) =>
      JSON.stringify(PolicyDocument).includes('StopItself'));
    expect(JSON.stringify(script.Properties.PolicyDocument)).not.toContain('FalconF');
  });

  test('may look at this endpoint, call it, stop itself and write its log: nothing else of all actions of AWS', async () => {
    const { EndpointName } = only(template, 'AWS::SageMaker::Endpoint').Properties;
    const arn = (rest: string) => `arn:aws:sagemaker:us-east-1:${ACCOUNT}:${rest}`;
    const [roleId] = Object.keys(template.findResources('AWS::IAM::Role')).filter(id => id.startsWith('NotebookRole'));
    const endpointId = only(template, 'AWS::SageMaker::Endpoint').id;
    const policies = JSON.parse(JSON.stringify(rolePolicies(template, roleId)).replaceAll(`"${endpointId}"`, `"${arn('endpoint/falcon')}"`)
      .replaceAll('111122223333', ACCOUNT));
    const logs = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/sagemaker/NotebookInstances`;
    const own = [
      arn('endpoint/falcon'), arn(`endpoint/${EndpointName}`), arn(`notebook-instance/${Properties.NotebookInstanceName}`),
      logs, `${logs}:log-stream:${Properties.NotebookInstanceName}/LifecycleConfigOnStart`,
    ];
    const actions = await actionsOf(await everyPrefix(), 'aws', 'us-east-1');
    const allowed = actions.filter(({ action, resources }) =>
      [...resources, ...own.filter(resource => resource.split(':')[2] === action.split(':')[0])]
        .some(resource => allows(policies, { action, resource })));
    expect(allowed.map(({ action }) => action).sort()).toEqual([
      'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents',
      'sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream',
      'sagemaker:StopNotebookInstance', 'sts:GetCallerIdentity',
    ]);
    for (const [action, resource] of [
      ['sagemaker:StopNotebookInstance', arn('notebook-instance/other')], ['sagemaker:DescribeEndpoint', arn('endpoint/other')],
      ['sagemaker:InvokeEndpoint', arn('endpoint/other')], ['logs:PutLogEvents', `${logs}:log-stream:other/LifecycleConfigOnStart`],
    ]) expect([action, allows(policies, { action, resource })]).toEqual([action, false]);
  }, 120_000);

  test('has nothing that AwsSolutions or PlumblineChecks find', () => {
    for (const checks of [new AwsSolutionsChecks(), new PlumblineChecks()]) {
      expect(checks.validateScope(stack.node.root).violations).toEqual([]);
    }
  });
});

describe('what is given is taken', () => {
  test('type, disk, time, key, groups; and values that only the deployment knows', () => {
    const { Properties } = instanceOf(templateOf((stack, vpc) => ({
      instanceType: new CfnParameter(stack, 'Type').valueAsString,
      volumeSize: Size.gibibytes(20),
      encryptionKey: Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:us-east-1:111122223333:key/theirs'),
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
      vpcSubnets: { subnets: [vpc.privateSubnets[1]] },
    })));
    expect(Properties).toMatchObject({
      InstanceType: { Ref: 'Type' },
      VolumeSizeInGB: 20,
      KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/theirs',
      SecurityGroupIds: ['sg-0123456789abcdef0'],
      SubnetId: { Ref: expect.stringMatching(/^VpcPrivateSubnet2/) },
    });
  });

  test.each<[string, (stack: Stack) => Partial<GenAiEndpointProps>, RegExp]>([
    ['in real time', () => ({}), /invoke_endpoint\(EndpointName='(stack-falcon-[0-9a-f]{8})', Content/],
    ['of a component', () => ({ inference: component(), scaling: { maxInstances: 2 } }),
      /invoke_endpoint\(EndpointName='(stack-falcon-[0-9a-f]{8}-zero)', InferenceComponentName='\1'/],
    ['asynchronous', stack => ({ inference: asynchronous(stack) }), /invoke_endpoint_async\(EndpointName='stack-falcon-[0-9a-f]{8}-async'/],
  ])('the VPC of the endpoint, where none is given, and its way of calls: %s', (_case, endpointProps, call) => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const endpoint = new GenAiEndpoint(stack, 'Falcon', { model: falcon(), vpc, ...endpointProps(stack) });
    new ModelNotebook(stack, 'Notebook', { endpoint, idleStop: Duration.days(7) });
    const template = Template.fromStack(stack);
    expect(instanceOf(template).Properties.SubnetId).toEqual({ Ref: expect.stringMatching(/^VpcPrivateSubnet1/) });
    const { Properties: { OnStart: [{ Content }] } } = only(template, 'AWS::SageMaker::NotebookInstanceLifecycleConfig');
    expect(Content['Fn::Base64']).toMatch(call);
    expect(Content['Fn::Base64']).toContain('"idleMinutes":10080');
  });

  test.each<[string, boolean, (stack: Stack, vpc: Vpc) => Props]>([
    ['another subnet', false, (_stack, vpc) => ({ vpcSubnets: { subnets: [vpc.privateSubnets[1]] } })],
    ['another disk', true, () => ({ volumeSize: Size.gibibytes(9) })],
  ])('with %s the name stays: %s', (_case, stays, props) => {
    const [before, after] = [templateOf(), templateOf(props)].map(template => instanceOf(template).Properties.NotebookInstanceName);
    expect(before === after).toBe(stays);
  });

  test('a missing endpoint is made of its own configuration, and of no other', () => {
    const template = templateOf(() => ({ deployWhenMissing: true }));
    const { id } = only(template, 'AWS::SageMaker::EndpointConfig');
    const configName = { 'Fn::GetAtt': [id, 'EndpointConfigName'] };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 'sagemaker:CreateEndpoint',
          Resource: [
            Match.anyValue(), { 'Fn::Join': ['', Match.arrayWith([':sagemaker:us-east-1:111122223333:endpoint-config/', configName])] },
          ],
        })]),
      },
    });
    const { Properties: { OnStart: [{ Content }] } } = only(template, 'AWS::SageMaker::NotebookInstanceLifecycleConfig');
    expect(Content['Fn::Base64']['Fn::Join'][1]).toContainEqual(configName);
  });

  test.each([[true, 1], [false, 0]])('only who makes the endpoint (%s) lets its disks use its key', (deployWhenMissing, times) => {
    const template = templateOf(stack => ({
      deployWhenMissing,
      endpoint: new GenAiEndpoint(stack, 'Locked', {
        model: GenAiModel.jumpStart(STABLE_DIFFUSION, '2.0.18'), instanceType: 'ml.p3.2xlarge', encryptionKey: new Key(stack, 'Disks'),
      }),
    }));
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith('NotebookRole'));
    const ofKeys = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[])
      .filter(({ Action }) => JSON.stringify(Action).includes('kms:'));
    expect(policies.length).toBeGreaterThan(0);
    expect(ofKeys).toHaveLength(times);
    for (const statement of ofKeys) {
      expect(statement).toMatchObject({
        Action: 'kms:CreateGrant',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Disks/), 'Arn'] },
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      });
    }
  });
});

describe('is refused, or warned of', () => {
  test.each<[string, RegExp, (stack: Stack, vpc: Vpc) => Props]>([
    ['no VPC', /no VPC is given/, () => ({ vpc: undefined })],
    ['a public subnet', /stands in a private subnet[^]*Stack\/Vpc\/PublicSubnet1/,
      () => ({ vpcSubnets: { subnetType: SubnetType.PUBLIC } })],
    ['no subnet', /stands in a private subnet/, () => ({ vpcSubnets: { subnets: [] } })],
    ['a stop after seconds', /cannot stop after this time[^]*5 to 10080/, () => ({ idleStop: Duration.seconds(90) })],
    ['a stop too soon', /cannot stop after this time/, () => ({ idleStop: Duration.minutes(4) })],
    ['a stop that nobody knows', /cannot stop after this time/, () => ({ idleStop: Duration.minutes(Lazy.number({ produce: () => 9 })) })],
    ['a small disk', /no disk of this size[^]*5 to 16384/, () => ({ volumeSize: Size.gibibytes(4) })],
    ['a disk of a fraction', /no disk of this size/, () => ({ volumeSize: Size.mebibytes(6000) })],
    ['a type without ml.', /no instance type of SageMaker/, () => ({ instanceType: 't3.medium' })],
    ['an old type', /notebook-al2023-v1 does not run/, () => ({ instanceType: 'ml.p3.2xlarge' })],
    ['a remade component', /cannot be made anew/, stack => ({
      deployWhenMissing: true,
      endpoint: new GenAiEndpoint(stack, 'Zero', { model: falcon(), inference: component(), scaling: { maxInstances: 2 } }),
    })],
    ['an endpoint elsewhere', /another account or Region/, stack => {
      const far = new Stack(stack.node.root as App, 'Far', { env: { account: '111122223333', region: 'eu-west-1' } });
      return { endpoint: new GenAiEndpoint(far, 'Falcon', { model: falcon() }) };
    }],
  ])('%s', (_case, message, props) => {
    const create = () => notebookWith(props);
    expect(create).toThrow(message);
    expect(create).toThrow(/^\[Stack\/Notebook\] [^]*\n +given: [^]*\n +allowed: [^]*\n +fix: /);
  });

  test.each([
    [1, []],
    [1, [InterfaceVpcEndpointAwsService.ECR, InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME]],
    [0, [InterfaceVpcEndpointAwsService.SAGEMAKER_API]],
    [0, [InterfaceVpcEndpointAwsService.SAGEMAKER_API_FIPS]],
  ])('a subnet without a way to SageMaker, %d times', (times, services) => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Closed', subnetType: SubnetType.PRIVATE_ISOLATED }] });
    services.forEach((service, index) => vpc.addInterfaceEndpoint(`Endpoint${index}`, { service }));
    new ModelNotebook(stack, 'Notebook', { endpoint: new GenAiEndpoint(stack, 'Falcon', { model: falcon() }), vpc });
    (stack.node.root as App).synth();
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('notebookWithoutSageMaker'))).toHaveLength(times);
  });
});
