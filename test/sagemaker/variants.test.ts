import { App, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { falcon, STABLE_DIFFUSION, VIRGINIA } from './support/endpoint-stack';
import { asynchronous, component, only, Props, refusal, templateWith } from './support/operated-endpoint';
import { PlumblineChecks } from '../../src/governance';
import { EndpointDeployment, EndpointVariant, GenAiEndpoint, GenAiModel } from '../../src/sagemaker';
import { Standards } from '../../src/standards';
import { allows } from '../bedrock/support/simulation';
import { rolePolicies } from '../operations/support/role-policies';
import { Alarm, alarmsOf, AlarmTemplate } from '../support/cloudwatch/alarms';

const own = (stack: Stack): GenAiModel =>
  GenAiModel.s3({ files: { bucket: Bucket.fromBucketName(stack, 'Files', 'own-models'), prefix: 'models/tuned/' } });
const variant = (props: Partial<EndpointVariant> = {}): EndpointVariant => ({ name: 'Candidate', model: falcon(), weight: 1, ...props });
const variantsOf = (template: Template) => only(template, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants;

describe('an endpoint with a second variant', () => {
  const stack = new Stack(new App(), 'Stack', VIRGINIA);
  const alarmTopic = new Topic(stack, 'Topic', { enforceSSL: true });
  Standards.apply(stack, { product: 'Shop', environment: 'prod', checks: false, alarmTopic });
  const endpoint = new GenAiEndpoint(stack, 'Falcon', {
    model: falcon(),
    weight: 9,
    scaling: { maxInstances: 4 },
    deployment: EndpointDeployment.canary(),
    capacityTimeout: Duration.minutes(30),
    furtherVariants: [variant({
      model: own(stack), instanceType: 'ml.g6e.12xlarge', initialInstanceCount: 2, scaling: { minInstances: 2, maxInstances: 3 },
    })],
  });
  const caller = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  endpoint.grantInvoke(caller);
  const template = Template.fromStack(stack);

  test('gives each its part of the traffic, on instances of its own', () => {
    const [first, second, ...others] = variantsOf(template);
    expect(others).toEqual([]);
    const common = {
      ModelDataDownloadTimeoutInSeconds: 1200,
      ContainerStartupHealthCheckTimeoutInSeconds: 600,
      VariantInstanceProvisionTimeoutInSeconds: 1800,
    };
    expect(first).toEqual({
      ...common,
      VariantName: 'AllTraffic',
      ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^FalconSageMakerModel/), 'ModelName'] },
      InitialVariantWeight: 9,
      InitialInstanceCount: 1,
      InstanceType: 'ml.g5.2xlarge',
    });
    expect(second).toEqual(expect.objectContaining({
      ...common,
      VariantName: 'Candidate',
      ModelName: { 'Fn::GetAtt': [expect.stringMatching(/^FalconVariantsCandidateSageMakerModel/), 'ModelName'] },
      InitialVariantWeight: 1,
      InitialInstanceCount: 2,
      InstanceType: 'ml.g6e.12xlarge',
    }));
    expect(endpoint.variantNames).toEqual(['AllTraffic', 'Candidate']);
  });

  test('scales each by its own traffic, keeps their numbers in an update, and takes the weights of the template', () => {
    const { Properties: { RetainAllVariantProperties, ExcludeRetainedVariantProperties } } = only(template, 'AWS::SageMaker::Endpoint');
    expect([RetainAllVariantProperties, ExcludeRetainedVariantProperties]).toEqual([
      true, [{ VariantPropertyType: 'DesiredWeight' }, { VariantPropertyType: 'DataCaptureConfig' }],
    ]);
    const targets = Object.entries(template.findResources('AWS::ApplicationAutoScaling::ScalableTarget'));
    const told = targets.map(([id, { Properties: { ResourceId, MinCapacity, MaxCapacity } }]) =>
      ({ id, variant: ResourceId['Fn::Join'][1].at(-1), least: MinCapacity, most: MaxCapacity }))
      .sort((one, other) => one.most < other.most ? 1 : -1);
    expect(told).toEqual([
      { id: expect.anything(), variant: '/variant/AllTraffic', least: 1, most: 4 },
      { id: expect.anything(), variant: '/variant/Candidate', least: 2, most: 3 },
    ]);
    const policies = Object.values(template.findResources('AWS::ApplicationAutoScaling::ScalingPolicy'));
    expect(policies.map(({ Properties }) => Properties.ScalingTargetId.Ref).sort()).toEqual(told.map(({ id }) => id).sort());
  });

  test('gives each model a role that loads this model and not the other', () => {
    const roleOf = (prefix: string) => Object.keys(template.findResources('AWS::IAM::Role')).find(id => id.startsWith(prefix))!;
    const [falcons, candidates] = ['FalconExecutionRole', 'FalconVariantsCandidateExecutionRole'].map(prefix =>
      rolePolicies(template, roleOf(prefix)));
    const ofFalcon = 'arn:aws:s3:::jumpstart-cache-prod-us-east-1/huggingface-llm/huggingface-llm-falcon-7b-instruct-bf16/artifacts/'
      + 'inference-prepack/v2.0.0/config.json';
    const ofCandidate = 'arn:aws:s3:::own-models/models/tuned/config.json';
    const may = (policies: typeof falcons) =>
      [ofFalcon, ofCandidate].map(resource => allows(policies, { action: 's3:GetObject', resource }));
    expect([may(falcons), may(candidates)]).toEqual([[true, false], [false, true]]);
    const models = template.findResources('AWS::SageMaker::Model');
    expect(Object.fromEntries(Object.entries(models).map(([id, { Properties }]) => [id, Properties.ExecutionRoleArn['Fn::GetAtt'][0]])))
      .toEqual({
        [Object.keys(models).find(id => id.startsWith('FalconSageMakerModel'))!]: roleOf('FalconExecutionRole'),
        [Object.keys(models).find(id => id.startsWith('FalconVariants'))!]: roleOf('FalconVariantsCandidateExecutionRole'),
      });
  });

  test('watches each by alarms of its own, and lets a caller of the endpoint reach all', () => {
    const { Properties: { EndpointName }, id } = only(template, 'AWS::SageMaker::Endpoint');
    const alarms = alarmsOf(template.toJSON() as AlarmTemplate).filter(({ name }) => /-Endpoint-/.test(name));
    const watched = ({ name, series }: Alarm) => [name.replace(`Shop-${EndpointName}-`, ''), [...new Set(series.map(({ dimensions }) => {
      expect(dimensions.EndpointName).toBe(EndpointName);
      return dimensions.VariantName;
    }))]];
    expect(alarms.map(watched).sort()).toEqual(['AllTraffic', 'Candidate'].flatMap(name =>
      ['Errors', 'Rejections', 'Slow'].map(kind => [`${name}-Endpoint-${kind}`, [name]])));
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Resource: { Ref: id } })] },
      Roles: [{ Ref: Match.stringLikeRegexp('^Caller') }],
    });
  });

  test('tells the exact model and the cost of each, and a metric of none that it does not have', () => {
    expect(Object.values(template.findOutputs('*')).map(({ Value }) => Value).sort()).toEqual([
      'huggingface-llm-falcon-7b-instruct-bf16 4.6.16', 's3://own-models/models/tuned/',
    ]);
    (stack.node.root as App).synth();
    const told = Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('An hour of variant'));
    expect(told.map(({ id, entry }) => [id, /variant \w+/.exec(String(entry.data))![0]])).toEqual([
      ['/Stack/Falcon', 'variant AllTraffic'], ['/Stack/Falcon/Variants/Candidate', 'variant Candidate'],
    ]);
    expect(endpoint.variantMetric('Candidate', 'Invocations').dimensions).toMatchObject({ VariantName: 'Candidate' });
    expect(() => endpoint.variantMetric('Canary', 'Invocations')).toThrow(/no such variant[^]*"Canary"[^]*AllTraffic, Candidate/);
  });

  test('has nothing that AwsSolutions or PlumblineChecks find', () => {
    for (const checks of [new AwsSolutionsChecks(), new PlumblineChecks()]) {
      expect(checks.validateScope(stack.node.root).violations).toEqual([]);
    }
  });
});

describe('variants are refused', () => {
  const further = (...furtherVariants: EndpointVariant[]): Props => ({ furtherVariants });
  const eleven = Array.from({ length: 10 }, (_, index) => variant({ name: `V${index}` }));

  test.each<[string, (stack: Stack) => Props, RegExp]>([
    ['of an asynchronous endpoint', stack => ({ ...further(variant()), inference: asynchronous(stack) }), /one queue/],
    ['of a component', () => ({ ...further(variant()), inference: component(), scaling: { maxInstances: 2 } }), /no traffic to share/],
    ['with a rolling update', () => ({ ...further(variant()), deployment: EndpointDeployment.rolling() }), /no rolling update[^]*canary/],
    ['of the name of the first', () => further(variant({ name: 'AllTraffic' })), /cannot be names[^]*\["AllTraffic"\]/],
    ['of one name', () => further(variant(), variant()), /cannot be names[^]*\["Candidate"\]/],
    ['of a name with a blank', () => further(variant({ name: 'the new one' })), /cannot be names/],
    ['of a name that nobody knows', stack => further(variant({ name: new CfnParameter(stack, 'Name').valueAsString })), /a value of/],
    ['of more than ten', () => further(...eleven), /no more variants[^]*at most 9/],
    ['of a weight below zero', () => further(variant({ weight: -1 })), /cannot be shared[^]*"Candidate":-1/],
    ['of no weight at all', () => ({ ...further(variant({ weight: 0 })), weight: 0 }), /cannot be shared/],
    ['of which one scales', () => further(variant({ scaling: { maxInstances: 2 } })), /Some variants scale[^]*"Candidate":true/],
    ['of another kind of scaling', () => ({
      ...further(variant({ scaling: { minInstances: 0, maxInstances: 2 } })), scaling: { maxInstances: 2 },
    }), /down to zero/],
    ['that do not fit', () => further(variant({ instanceType: 'ml.g4dn.xlarge' })), /\/Variants\/Candidate\] .*does not fit/],
  ])('%s', (_case, props, message) => {
    expect(refusal(props)).toMatch(message);
    expect(refusal(props)).toMatch(/^\[Stack\/Falcon[^]*\n +given: [^]*\n +allowed: [^]*\n +fix: /);
  });
});

describe('several types of instances', () => {
  const types = ['ml.g6.2xlarge', 'ml.g5.2xlarge', 'ml.g5.4xlarge'];
  const pools = types.map((InstanceType, index) => ({ InstanceType, Priority: index + 1 }));

  test.each<[string, Props]>([
    ['in real time', {}], ['of a component', { inference: component(), scaling: { maxInstances: 2 } }],
  ])('are tried in their order, %s', (_case, props) => {
    const template = templateWith(() => ({ instanceTypes: types, ...props }));
    const [{ InstanceType, InstancePools, VariantInstanceProvisionTimeoutInSeconds }] = variantsOf(template);
    expect([InstanceType, InstancePools, VariantInstanceProvisionTimeoutInSeconds]).toEqual([undefined, pools, undefined]);
    const { PrimaryContainer: { Environment } } = only(template, 'AWS::SageMaker::Model').Properties;
    expect(Environment.SM_NUM_GPUS).toBe('1');
  });

  test('may be one, and a type that comes late', () => {
    expect(variantsOf(templateWith(() => ({ instanceTypes: ['ml.g5.2xlarge'] })))[0]).toMatchObject({ InstanceType: 'ml.g5.2xlarge' });
    const late = Lazy.string({ produce: () => 'ml.g5.12xlarge' });
    expect(refusal(() => ({ instanceTypes: ['ml.g5.2xlarge', late] }))).toMatch(/different numbers of GPUs[^]*"ml.g5.12xlarge":4/);
  });

  test('are told with their prices', () => {
    const stack = new Stack(new App(), 'Stack', VIRGINIA);
    new GenAiEndpoint(stack, 'Falcon', { model: falcon(), instanceTypes: types });
    (stack.node.root as App).synth();
    Annotations.fromStack(stack).hasInfo('/Stack/Falcon', Match.stringLikeRegexp(
      '1 × ml.g6.2xlarge at 1.222 USD each.*falls back on another type: ml.g5.2xlarge 1.52, ml.g5.4xlarge 2.03\\.'));
  });

  test.each<[string, (stack: Stack) => Props, RegExp]>([
    ['beside one type', () => ({ instanceType: 'ml.g5.2xlarge', instanceTypes: types }), /either one instanceType or instanceTypes/],
    ['that are none', () => ({ instanceTypes: [] }), /cannot be the types[^]*one to 5/],
    ['that are six', () => ({ instanceTypes: ['2', '4', '8', '16', '12', '24'].map(size => `ml.g5.${size}xlarge`) }), /one to 5/],
    ['twice the same', () => ({ instanceTypes: ['ml.g5.2xlarge', 'ml.g5.2xlarge'] }), /cannot be the types/],
    ['of which one is too small', () => ({ instanceTypes: ['ml.g5.2xlarge', 'ml.g4dn.xlarge'] }), /does not fit ml.g4dn.xlarge/],
    ['with other numbers of GPUs', () => ({ instanceTypes: ['ml.g5.2xlarge', 'ml.g5.12xlarge'] }), /different numbers of GPUs/],
    ['with a key, of which one has local disks', stack => ({
      model: GenAiModel.jumpStart(STABLE_DIFFUSION, '2.0.18'),
      instanceTypes: ['ml.p3.2xlarge', 'ml.g5.2xlarge'],
      encryptionKey: new Key(stack, 'Key'),
    }), /no encryptionKey for ml.g5.2xlarge/],
    ['looked for during seconds', () => ({ capacityTimeout: Duration.seconds(299) }), /capacityTimeout[^]*300 to 3600/],
  ])('%s, are refused', (_case, props, message) => {
    expect(refusal(props)).toMatch(message);
    expect(refusal(props)).toMatch(/^\[Stack\/Falcon\] [^]*\n +given: [^]*\n +allowed: [^]*\n +fix: /);
  });
});
