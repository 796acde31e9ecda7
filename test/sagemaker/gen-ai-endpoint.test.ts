import { App, CfnParameter, Lazy, PhysicalName, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  AccountPrincipal, ArnPrincipal, IGrantable, OrganizationPrincipal, Role, ServicePrincipal, StarPrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FALCON, falcon, STABLE_DIFFUSION, stackWith, statementsOf, templateOf, VIRGINIA } from './support/endpoint-stack';
import { SAGEMAKER_MODELS } from '../../src/contract/data';
import { GenAiEndpoint, GenAiEndpointProps, GenAiModel, Inference } from '../../src/sagemaker';

const KNOWN = Object.entries(SAGEMAKER_MODELS.models);

function withKey(typeOf: (stack: Stack) => string, hasKey = true): Stack {
  const stack = new Stack(new App(), 'Stack', VIRGINIA);
  new GenAiEndpoint(stack, 'Images', {
    model: GenAiModel.jumpStart(STABLE_DIFFUSION, '2.0.18'),
    instanceType: typeOf(stack),
    encryptionKey: hasKey ? new Key(stack, 'Key') : undefined,
  });
  return stack;
}

describe('the model', () => {
  test.each(KNOWN)('%s is served as the contract says', (modelId, known) => {
    const template = templateOf({ model: GenAiModel.jumpStart(modelId, known.version) });
    template.hasResourceProperties('AWS::SageMaker::Model', {
      EnableNetworkIsolation: true,
      PrimaryContainer: {
        Image: {
          'Fn::Join': ['', ['763104351884.dkr.ecr.us-east-1.', { Ref: 'AWS::URLSuffix' }, `/${known.image.repository}:${known.image.tag}`]],
        },
        Environment: known.environment,
        ModelDataSource: {
          S3DataSource: {
            S3Uri: `s3://jumpstart-cache-prod-us-east-1/${known.artifactPrefix}`,
            S3DataType: 'S3Prefix',
            CompressionType: 'None',
          },
        },
      },
    });
  });

  test('waits for the permissions of its role', () => {
    templateOf().hasResource('AWS::SageMaker::Model', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('ExecutionRolePolicy')]) });
  });

  test.each(['4.6.*', '4.*', '*'])('version %s is resolved, and shown as resolved', pattern => {
    const { stack, endpoint } = stackWith({ model: GenAiModel.jumpStart(FALCON, pattern) });
    expect(endpoint.modelTitle).toBe(`${FALCON} 4.6.16`);
    Annotations.fromStack(stack).hasInfo('/Stack/Falcon', `${FALCON}: version "${pattern}" is 4.6.16, the newest known one`);
    Template.fromStack(stack).hasOutput('*', { Value: `${FALCON} 4.6.16` });
  });

  test('an exact version needs no note', () => {
    Annotations.fromStack(stackWith().stack).hasNoInfo('*', Match.stringLikeRegexp('version'));
  });

  test.each(['4.6.15', '4.5.*', '5.*', '4.6', '4.6.16.*', '4.6.1*', 'latest', '', '4.*.16'])(
    'version %j is refused with the known one',
    version => {
      expect(() => stackWith({ model: GenAiModel.jumpStart(FALCON, version) })).toThrow(
        /\[Stack\/Falcon\] No known version[^]*allowed: "4\.6\.16"[^]*jumpStart\('huggingface-llm-falcon-7b-instruct-bf16', '4\.6\.16'\)/,
      );
    },
  );

  test.each(['__proto__', '', '-a', 'a'.repeat(64), 'owner/model'])('%j is no id', modelId => {
    expect(() => stackWith({ model: GenAiModel.jumpStart(modelId, '1.0.0') })).toThrow(/no id of a model in JumpStart/);
  });

  test('one model can serve two endpoints', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    const model = falcon();
    new GenAiEndpoint(stack, 'One', { model });
    new GenAiEndpoint(stack, 'Two', { model });
    Template.fromStack(stack).resourceCountIs('AWS::SageMaker::Endpoint', 2);
  });
});

describe('the instances', () => {
  const variantOf = (props: Partial<GenAiEndpointProps>) =>
    Object.values(templateOf(props).findResources('AWS::SageMaker::EndpointConfig'))[0].Properties.ProductionVariants[0];

  test('one of the first known type by default', () => {
    expect(variantOf({})).toMatchObject({ InstanceType: 'ml.g5.2xlarge', InitialInstanceCount: 1 });
  });

  test.each(KNOWN.flatMap(([modelId, known]) => known.instanceTypes.map(type => [modelId, known.version, type])))(
    '%s %s runs on %s',
    (modelId, version, instanceType) => {
      expect(variantOf({ model: GenAiModel.jumpStart(modelId, version), instanceType })).toMatchObject({ InstanceType: instanceType });
    },
  );

  test('a type known only at deployment is taken', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), instanceType: new CfnParameter(stack, 'Type').valueAsString });
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [Match.objectLike({ InstanceType: { Ref: 'Type' } })],
    });
  });

  test.each<[string, boolean]>([['with a key is warned of', true], ['without a key is no news', false]])(
    'a type known only at deployment %s', (_case, hasKey) => {
      const stack = withKey(scope => new CfnParameter(scope, 'Type').valueAsString, hasKey);
      const warned = /refuses an encryptionKey for a type with local disks.* for ml\.p3\.2xlarge, .*encryptionKeyMayBeRefused/;
      expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data))
        .toEqual(hasKey ? [expect.stringMatching(warned)] : []);
    },
  );

  describe('a type that is a lazy value', () => {
    const lazily = (type: string) => Lazy.string({ produce: () => type });

    test('is checked against the model when it is there', () => {
      const { stack } = stackWith({ instanceType: lazily('ml.g4dn.4xlarge') });
      expect(() => Template.fromStack(stack)).toThrow(/4\.6\.16 does not fit ml\.g4dn\.4xlarge/);
    });

    test('is checked against the key when it is there', () => {
      const stack = new Stack(new App(), 'Stack', VIRGINIA);
      new GenAiEndpoint(stack, 'Falcon', { model: falcon(), instanceType: lazily('ml.g5.2xlarge'), encryptionKey: new Key(stack, 'Key') });
      expect(() => Template.fromStack(stack)).toThrow(/SageMaker takes no encryptionKey for ml\.g5\.2xlarge/);
    });

    test('is checked against the key without a word where it takes one', () => {
      const stack = withKey(() => lazily('ml.p3.2xlarge'));
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('encryptionKey'));
      Template.fromStack(stack).resourceCountIs('AWS::SageMaker::EndpointConfig', 1);
    });

    test('is taken when it fits', () => {
      expect(variantOf({ instanceType: lazily('ml.g5.4xlarge') })).toMatchObject({ InstanceType: 'ml.g5.4xlarge' });
    });
  });

  test('their number can be set', () => {
    expect(variantOf({ inference: Inference.realtime({ initialInstanceCount: 3 }) })).toMatchObject({ InitialInstanceCount: 3 });
  });

  test.each([0, -1, 1.5, NaN])('%d of them are refused', initialInstanceCount => {
    expect(() => stackWith({ inference: Inference.realtime({ initialInstanceCount }) }))
      .toThrow(/this number of instances: initialInstanceCount[^]*at least 1/);
  });
});

describe('the endpoint', () => {
  test('has a log group of its own name, that exists before it, expires, and goes with it', () => {
    const template = templateOf();
    const [endpoint] = Object.values(template.findResources('AWS::SageMaker::Endpoint'));
    const name = endpoint.Properties.EndpointName;
    expect(name).toMatch(/^stack-falcon-[0-9a-f]{8}$/);
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { LogGroupName: `/aws/sagemaker/Endpoints/${name}`, RetentionInDays: 90 }, DeletionPolicy: 'Delete',
    });
    expect(endpoint.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::Logs::LogGroup'))));
  });

  test('has a name that SageMaker takes, in any place of the tree', () => {
    const stack = new Stack(new App(), `A${'b'.repeat(120)}`, VIRGINIA);
    new GenAiEndpoint(stack, 'An_Endpoint-With.Odd Characters'.replace(/ /g, ''), { model: falcon() });
    const [endpoint] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Endpoint'));
    expect(endpoint.Properties.EndpointName).toMatch(/^[a-z0-9](-*[a-z0-9]){0,62}$/);
  });

  test('grants the invocation of itself and nothing else', () => {
    const { stack, endpoint } = stackWith();
    const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    endpoint.grantInvoke(caller).assertSuccess();
    const [[id]] = Object.entries(Template.fromStack(stack).findResources('AWS::SageMaker::Endpoint'));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'], Resource: { Ref: id } },
        ],
      },
      Roles: [{ Ref: Match.stringLikeRegexp('Caller') }],
    });
  });

  const ELSEWHERE = '999999999999';

  test.each<[string, (endpoint: GenAiEndpoint) => IGrantable]>([
    ['an imported role', endpoint => Role.fromRoleArn(endpoint, 'Theirs', `arn:aws:iam::${ELSEWHERE}:role/theirs`)],
    ['an imported user', endpoint => User.fromUserArn(endpoint, 'Theirs', `arn:aws:iam::${ELSEWHERE}:user/theirs`)],
    ['a role of another stack', endpoint => {
      const stack = new Stack(endpoint.node.root as App, 'Theirs', { env: { account: ELSEWHERE, region: VIRGINIA.env!.region } });
      const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
      return new Role(stack, 'Role', { assumedBy, roleName: PhysicalName.GENERATE_IF_NEEDED });
    }],
    ['the account', () => new AccountPrincipal(ELSEWHERE)],
    ['an ARN', () => new ArnPrincipal(`arn:aws:iam::${ELSEWHERE}:role/theirs`)],
  ])('cannot be granted to another account: %s', (_what, grantee) => {
    const { endpoint } = stackWith();
    expect(() => endpoint.grantInvoke(grantee(endpoint)))
      .toThrow(/^\[Stack\/Falcon\] .+no resource policy.*\n +given: +.+\n +allowed: .+\n +fix: +.+$/);
  });

  test.each<[string, IGrantable]>([
    ['its own account', new AccountPrincipal(VIRGINIA.env!.account!)],
    ['a service', new ServicePrincipal('lambda.amazonaws.com')],
    ['an organisation', new OrganizationPrincipal('o-1234567890')],
    ['everyone', new StarPrincipal()],
  ])('cannot be granted to what takes no policies: %s', (_what, grantee) => {
    expect(() => stackWith().endpoint.grantInvoke(grantee)).toThrow(/takes no policies/);
  });

  test('can be granted to an imported role of its own account', () => {
    const { stack, endpoint } = stackWith();
    endpoint.grantInvoke(Role.fromRoleArn(stack, 'Ours', `arn:aws:iam::${VIRGINIA.env!.account}:role/ours`));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: ['ours'] });
  });

  test('can be granted where the account is known only at deployment', () => {
    const stack = new Stack(new App(), 'Stack');
    const endpoint = new GenAiEndpoint(stack, 'Falcon', { model: falcon() });
    expect(() => endpoint.grantInvoke(Role.fromRoleArn(stack, 'Role', `arn:aws:iam::${ELSEWHERE}:role/caller`))).not.toThrow();
  });

  test('can be called from another stack', () => {
    const { stack, endpoint } = stackWith();
    const other = new Stack(stack.node.root, 'Other', VIRGINIA);
    endpoint.grantInvoke(new Role(other, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(JSON.stringify(Template.fromStack(other).toJSON())).toContain('Fn::ImportValue');
  });

  test.each([
    ['metricInvocations', 'AWS/SageMaker', 'Invocations', 'Sum'],
    ['metricInvocation4XXErrors', 'AWS/SageMaker', 'Invocation4XXErrors', 'Sum'],
    ['metricInvocation5XXErrors', 'AWS/SageMaker', 'Invocation5XXErrors', 'Sum'],
    ['metricModelLatency', 'AWS/SageMaker', 'ModelLatency', 'Average'],
    ['metricOverheadLatency', 'AWS/SageMaker', 'OverheadLatency', 'Average'],
    ['metricGpuUtilization', '/aws/sagemaker/Endpoints', 'GPUUtilization', 'Average'],
    ['metricGpuMemoryUtilization', '/aws/sagemaker/Endpoints', 'GPUMemoryUtilization', 'Average'],
    ['metricMemoryUtilization', '/aws/sagemaker/Endpoints', 'MemoryUtilization', 'Average'],
    ['metricDiskUtilization', '/aws/sagemaker/Endpoints', 'DiskUtilization', 'Average'],
  ] as const)('%s is %s %s, %s', (method, namespace, metricName, statistic) => {
    const { stack, endpoint } = stackWith();
    const metric = endpoint[method]();
    const [{ Properties: { EndpointName } }] = Object.values(Template.fromStack(stack).findResources('AWS::SageMaker::Endpoint'));
    expect({ namespace: metric.namespace, metricName: metric.metricName, statistic: metric.statistic }).toEqual({
      namespace,
      metricName,
      statistic,
    });
    expect(stack.resolve(metric.dimensions)).toEqual({ EndpointName, VariantName: 'AllTraffic' });
  });
});

describe('with a key', () => {
  const STABLE_DIFFUSION_ON = (instanceType: string) => (stack: Stack) => new GenAiEndpoint(stack, 'Images', {
    model: GenAiModel.jumpStart(STABLE_DIFFUSION, '2.0.18'), instanceType, encryptionKey: new Key(stack, 'Key'),
  });

  test('the disks use it, and the role may only make grants for AWS resources', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    STABLE_DIFFUSION_ON('ml.p3.2xlarge')(stack);
    const template = Template.fromStack(stack);
    const key = { 'Fn::GetAtt': [Object.keys(template.findResources('AWS::KMS::Key'))[0], 'Arn'] };
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', { KmsKeyId: key });
    expect(statementsOf(template).LetVolumesUseKey).toMatchObject({
      Action: 'kms:CreateGrant', Resource: key, Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  });

  test('an instance type with local disks is refused, because SageMaker would', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    expect(() => STABLE_DIFFUSION_ON('ml.g5.2xlarge')(stack)).toThrow(
      /no encryptionKey for ml\.g5\.2xlarge[^]*encryptionKey with ml\.p3\.2xlarge/,
    );
  });
});
