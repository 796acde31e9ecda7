import { App, CfnParameter, Stack, StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { VIRGINIA } from './support/endpoint-stack';
import { Standards } from '../../src';
import { GenAiEndpoint, GenAiModel, JumpStartModelOptions } from '../../src/sagemaker';

const LLAMA = 'meta-textgeneration-llama-3-1-8b-instruct';

interface Given extends JumpStartModelOptions {
  readonly id?: string;
  readonly version?: string;
  readonly instanceType?: string;
  readonly hasKey?: boolean;
}

function stackOf({ id = LLAMA, version = '2.*', instanceType, hasKey, ...options }: Given = {}, stackProps: StackProps = VIRGINIA): Stack {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  const stack = new Stack(app, 'Stack', stackProps);
  new GenAiEndpoint(stack, 'Llama', {
    model: GenAiModel.jumpStart(id, version, options), instanceType, encryptionKey: hasKey ? new Key(stack, 'Key') : undefined,
  });
  return stack;
}

const templateOf = (given: Given = {}): Template => Template.fromStack(stackOf(given));
const attributeOf = (template: Template, name: string) =>
  ({ 'Fn::GetAtt': [Object.keys(template.findResources('Custom::JumpStartModel'))[0], name] });

test('the template takes all of the model from what the deployment resolves, and shows the version', () => {
  const template = templateOf({ acceptEula: true });
  const of = (name: string) => attributeOf(template, name);
  template.hasResourceProperties('Custom::JumpStartModel', {
    modelId: LLAMA, version: '2.*', instanceType: '', acceptEula: true, dnsSuffix: { Ref: 'AWS::URLSuffix' },
  });
  template.hasResourceProperties('AWS::SageMaker::Model', {
    EnableNetworkIsolation: true,
    PrimaryContainer: {
      Image: of('Image'),
      Environment: of('Environment'),
      ModelDataSource: {
        S3DataSource: {
          S3Uri: { 'Fn::Join': ['', ['s3://', of('Bucket'), '/', of('Key')]] },
          S3DataType: of('S3DataType'),
          CompressionType: of('CompressionType'),
          ModelAccessConfig: { AcceptEula: true },
        },
      },
    },
  });
  template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
    ProductionVariants: [Match.objectLike({ InstanceType: of('InstanceType'), InferenceAmiVersion: of('InferenceAmiVersion') })],
  });
  template.hasOutput('*', { Value: { 'Fn::Join': ['', [`${LLAMA} `, of('Version')]] } });
});

test('without a word on the licence none is accepted', () => {
  const template = templateOf();
  template.hasResourceProperties('Custom::JumpStartModel', { acceptEula: false });
  expect(JSON.stringify(template.findResources('AWS::SageMaker::Model'))).not.toContain('ModelAccessConfig');
});

test('the function may read this model in the public hub, and nothing else of SageMaker', () => {
  const statements = Object.values(templateOf().findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Sid }) => Sid === 'ReadPublicHub');
  const arn = (end: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sagemaker:us-east-1:aws:${end}`]] });
  expect(statements).toEqual([{
    Sid: 'ReadPublicHub',
    Effect: 'Allow',
    Action: ['sagemaker:DescribeHubContent', 'sagemaker:ListHubContentVersions'],
    Resource: [arn('hub/SageMakerPublicHub'), arn(`hub-content/SageMakerPublicHub/Model/${LLAMA}/*`)],
  }]);
});

test('the endpoint\'s role reads only the files and the image that were resolved', () => {
  const template = templateOf();
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const resource = (sid: string) => statements.find(({ Sid }) => Sid === sid).Resource;
  const of = (name: string) => attributeOf(template, name);
  const partition = { Ref: 'AWS::Partition' };
  expect(resource('ReadModelArtifacts')).toEqual({ 'Fn::Join': ['', ['arn:', partition, ':s3:::', of('Bucket'), '/', of('Key'), '*']] });
  expect(resource('PullModelImage'))
    .toEqual({ 'Fn::Join': ['', ['arn:', partition, ':ecr:us-east-1:', of('ImageAccount'), ':repository/', of('Repository')]] });
});

test.each<[string, StackProps]>([['a fixed env', VIRGINIA], ['no env', {}]])('AwsSolutions finds nothing, with %s', (_what, stackProps) => {
  const findings = new AwsSolutionsChecks().validateScope(stackOf({}, stackProps)).violations;
  expect(findings.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});

test('an instance that a known model cannot fit is refused at synth', () => {
  expect(() => stackOf({ instanceType: 'ml.g4dn.xlarge' })).toThrow(/\[Stack\/Llama\] meta-.* 2\.\* does not fit ml\.g4dn\.xlarge/);
  expect(() => stackOf({ instanceType: 'ml.g5.2xlarge' })).not.toThrow();
  expect(() => stackOf({ id: 'some-model', instanceType: 'ml.m5.xlarge' })).toThrow(/has none/);
});

test('the given instance type is resolved with the model', () => {
  templateOf({ instanceType: 'ml.g5.12xlarge' }).hasResourceProperties('Custom::JumpStartModel', { instanceType: 'ml.g5.12xlarge' });
});

test.each(['1.2', '1.2.3.4', 'latest', '', '1.*.3', '1.2.3*', 'v1.2.3', '12345.0.0', '**'])('the version %j is none', version => {
  expect(() => stackOf({ version })).toThrow(
    /^\[Stack\/Llama\] This is no version of a model in JumpStart\.\n {2}given: .+\n {2}allowed: .+\n {2}fix: .+$/,
  );
});

test('id and version may be known late', () => {
  const app = new App();
  Standards.apply(app, { product: 'MangaAssist', environment: 'prod', checks: false });
  const stack = new Stack(app, 'Stack', VIRGINIA);
  const late = (name: string) => new CfnParameter(stack, name).valueAsString;
  new GenAiEndpoint(stack, 'Llama', { model: GenAiModel.jumpStart(late('Id'), late('Version')) });
  Template.fromStack(stack).hasResourceProperties('Custom::JumpStartModel', { modelId: { Ref: 'Id' }, version: { Ref: 'Version' } });
});

test('a key for the instance type that JumpStart chooses is warned of, for that type may have local disks', () => {
  const warningsOf = (given: Given) =>
    Annotations.fromStack(stackOf(given)).findWarning('*', Match.stringLikeRegexp('encryptionKeyMayBeRefused'));
  expect(warningsOf({ hasKey: true })).toHaveLength(1);
  expect(warningsOf({})).toEqual([]);
});
