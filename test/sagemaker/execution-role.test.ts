import { App, Lazy, Stack, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { FALCON, falcon, stackWith, statementsOf, templateOf, VIRGINIA } from './support/endpoint-stack';
import { SAGEMAKER_MODELS } from '../../src/contract/data';
import { GenAiEndpoint, GenAiModel } from '../../src/sagemaker';

describe('the role', () => {
  test('may do exactly what this model needs', () => {
    const prefix = 'huggingface-llm/huggingface-llm-falcon-7b-instruct-bf16/artifacts/inference-prepack/v2.0.0/';
    const bucket = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::jumpstart-cache-prod-us-east-1']] };
    expect(Object.values(statementsOf(templateOf()))).toEqual([
      {
        Sid: 'ReadModelArtifacts',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::jumpstart-cache-prod-us-east-1/${prefix}*`]] },
      },
      {
        Sid: 'ListModelArtifacts',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': [prefix, `${prefix}*`] } },
      },
      {
        Sid: 'PullModelImage',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:us-east-1:763104351884:repository/huggingface-pytorch-tgi-inference']],
        },
      },
      { Sid: 'SignInToEcr', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Sid: 'WriteOwnLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringContaining('LogGroup'), 'Arn'] },
      },
      {
        Sid: 'PublishEndpointMetrics',
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/Endpoints'] } },
      },
    ]);
  });

  test('holds no managed policy and trusts SageMaker of this account only', () => {
    templateOf().hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      AssumeRolePolicyDocument: {
        Statement: [{
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        }],
      },
    });
  });
});

describe('Regions and partitions', () => {
  test('without a Region the account of the image comes from a mapping of the Regions that serve the model', () => {
    const template = templateOf({}, {});
    const [[id, mapping]] = Object.entries(template.findMappings('*'));
    const account = { 'Fn::FindInMap': [id, { Ref: 'AWS::Region' }, 'account'] };
    expect(mapping).toMatchObject({
      'us-west-2': { account: '763104351884' }, 'cn-north-1': { account: '727897471807' }, 'us-gov-west-1': { account: '442386744353' },
    });
    expect(mapping).not.toHaveProperty('eusc-de-east-1');
    expect(JSON.stringify(statementsOf(template).PullModelImage.Resource)).toContain(JSON.stringify(account));
    expect(JSON.stringify(statementsOf(template).ReadModelArtifacts.Resource)).toContain('jumpstart-cache-prod-",{"Ref":"AWS::Region"}');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/arn:aws:|us-east-1\./);
  });

  test('in China the image comes from the account there', () => {
    const template = templateOf({}, { env: { account: '111122223333', region: 'cn-northwest-1' } });
    expect(JSON.stringify(statementsOf(template).PullModelImage.Resource)).toContain(':ecr:cn-northwest-1:727897471807:');
  });

  const { containerAccounts: { byRegion }, models } = SAGEMAKER_MODELS;
  const inRegion = (modelId: string, version: string, region: string) =>
    templateOf({ model: GenAiModel.jumpStart(modelId, version) }, { env: { account: '111122223333', region } });
  const everyModel = Object.entries(models)
    .map(([id, { version, regionsWithout }]) => [id, version, [...regionsWithout] as string[]] as const);

  test.each(everyModel)('%s %s is served wherever JumpStart does', (id, version, regionsWithout) => {
    for (const [region, account] of Object.entries(byRegion).filter(([name]) => !regionsWithout.includes(name))) {
      expect(JSON.stringify(statementsOf(inRegion(id, version, region)).PullModelImage.Resource)).toContain(`:ecr:${region}:${account}:`);
    }
  });

  test.each(everyModel)('%s %s is refused where JumpStart does not serve it, with the Regions that do', (id, version, regionsWithout) => {
    for (const region of regionsWithout) {
      expect(() => inRegion(id, version, region)).toThrow(
        new RegExp(`\\[Stack/Falcon\\] JumpStart does not serve ${id} in this Region[^]*given: {3}"${region}"[^]*us-east-1`),
      );
    }
  });

  test('what the CDK knows by now is in the contract no longer', () => {
    const known = Object.keys(byRegion).filter(region => Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT));
    expect(known).toEqual([]);
  });

  test('a Region without these images is refused, until the app registers their account', () => {
    const create = () => inRegion(FALCON, '4.6.16', 'xx-north-9');
    expect(create).toThrow(/\[Stack\/Falcon\] No account is known[^]*given: {3}"xx-north-9"[^]*us-east-1[^]*Fact\.register/);
    Fact.register({ region: 'xx-north-9', name: FactName.DLC_REPOSITORY_ACCOUNT, value: '444455556666' });
    try {
      expect(JSON.stringify(statementsOf(create()).PullModelImage.Resource)).toContain(':ecr:xx-north-9:444455556666:');
    } finally {
      Fact.unregister('xx-north-9', FactName.DLC_REPOSITORY_ACCOUNT);
    }
  });
});

describe('checks', () => {
  test.each([
    ['fixed env', VIRGINIA, false],
    ['no env', {}, false],
    ['in a VPC', VIRGINIA, true],
    ['in China', { env: { account: '111122223333', region: 'cn-north-1' } }, false],
  ])('AwsSolutions finds nothing: %s', (_name, stackProps, inVpc) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', stackProps);
    const vpc = inVpc
      ? Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['a', 'b'],
        privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      })
      : undefined;
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), vpc });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test.each([
    ['of a literal type', 'ml.g5.2xlarge'],
    ['of a type that is a lazy value', Lazy.string({ produce: () => 'ml.g5.2xlarge' })],
  ])('NIST asks for a key on local disks %s, and the construct says why there is none', (_case, instanceType) => {
    const { stack } = stackWith({ instanceType });
    const app = stack.node.root as App;
    Validations.of(app).addPlugins(new NIST80053R5Checks(app));
    expect(findings(app)).not.toContain('SageMakerEndpointConfigurationKMSKeyConfigured');
  });
});

function findings(app: App): string {
  const printed = [jest.spyOn(console, 'log').mockImplementation(), jest.spyOn(console, 'error').mockImplementation()];
  try {
    app.synth();
    return '';
  } catch (failure) {
    return [String(failure), ...printed.flatMap(spy => spy.mock.calls.flat())].join('\n');
  } finally {
    printed.forEach(spy => spy.mockRestore());
  }
}
