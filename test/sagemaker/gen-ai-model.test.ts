import { App, CfnParameter, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { statementsOf, VIRGINIA } from './support/endpoint-stack';
import {
  GenAiEndpoint, GenAiEndpointProps, GenAiModel, GenAiModelSize, HuggingFaceModelOptions, ModelFilesOptions, ModelPrecision, ModelServer,
} from '../../src/sagemaker';

const MISTRAL = 'mistralai/Mistral-7B-Instruct-v0.2';
const LLAMA = 'meta-llama/Llama-3.1-8B-Instruct';
const FALCON_7B = 'tiiuae/falcon-7b-instruct';
const COMMIT = 'a'.repeat(40);
const FIGURES = { layers: 32, attentionHeads: 32, keyValueHeads: 8, headSize: 128, vocabulary: 32_000, contextTokens: 32_768 };
const SIZE: GenAiModelSize = { weights: Size.gibibytes(13), ...FIGURES };

type Make = (stack: Stack) => Partial<GenAiEndpointProps> & { model: GenAiModel };

function stackOf(make: Make, stackProps = VIRGINIA): Stack {
  const stack = new Stack(new App(), 'Stack', stackProps);
  new GenAiEndpoint(stack, 'Model', make(stack));
  return stack;
}

const templateOf = (make: Make): Template => Template.fromStack(stackOf(make));
const modelOf = (make: Make): any => Object.values(templateOf(make).findResources('AWS::SageMaker::Model'))[0].Properties;
const environmentOf = (make: Make): Record<string, unknown> => modelOf(make).PrimaryContainer.Environment;
const variantOf = (make: Make): any =>
  Object.values(templateOf(make).findResources('AWS::SageMaker::EndpointConfig'))[0].Properties.ProductionVariants[0];
const warningsOf = (make: Make): string[] =>
  Annotations.fromStack(stackOf(make)).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
const teaches = (make: Make, problem: RegExp): void => {
  const error = (): unknown => stackOf(make);
  expect(error).toThrow(problem);
  expect(error).toThrow(/^\[Stack\/Model\] .+\n {2}given: +.+\n {2}allowed: .+\n {2}fix: +.+$/);
};

const huggingFace = (options: Partial<HuggingFaceModelOptions> = {}, id = MISTRAL): Make =>
  () => ({ model: GenAiModel.huggingFace(id, { revision: COMMIT, ...options }) });
const s3 = (files: Partial<ModelFilesOptions>, props: Partial<GenAiEndpointProps> = {}): Make => stack => ({
  instanceType: 'ml.g5.2xlarge',
  ...props,
  model: GenAiModel.s3({
    files: { ...('bucket' in files ? {} : { bucket: new Bucket(stack, 'Files') }), ...files } as ModelFilesOptions, size: SIZE,
  }),
});

describe('a model of Hugging Face', () => {
  test('is downloaded by vLLM at the commit, on the cheapest instance that it fits, by the driver that the image needs', () => {
    expect(modelOf(huggingFace())).toMatchObject({
      EnableNetworkIsolation: false,
      PrimaryContainer: {
        Image: { 'Fn::Join': ['', [expect.anything(), { Ref: 'AWS::URLSuffix' }, '/vllm:server-sagemaker-cuda-v1']] },
        Environment: { SM_VLLM_MODEL: MISTRAL, SM_VLLM_REVISION: COMMIT, SM_VLLM_TENSOR_PARALLEL_SIZE: '1' },
      },
    });
    expect(modelOf(huggingFace()).PrimaryContainer).not.toHaveProperty('ModelDataSource');
    expect(variantOf(huggingFace())).toMatchObject({
      InstanceType: 'ml.g6.2xlarge', InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
    });
    templateOf(huggingFace()).hasOutput('*', { Value: `${MISTRAL} aaaaaaa` });
  });

  test('is served by Text Generation Inference in its own words', () => {
    expect(environmentOf(huggingFace({ server: ModelServer.TGI, contextTokens: 2048 }))).toEqual({
      HF_MODEL_ID: MISTRAL, HF_MODEL_REVISION: COMMIT, SM_NUM_GPUS: '1', MAX_TOTAL_TOKENS: '2048', MAX_INPUT_TOKENS: '2047',
    });
  });

  test('may read nothing from S3', () => {
    expect(Object.keys(statementsOf(templateOf(huggingFace())))).not.toEqual(expect.arrayContaining(['ReadModelArtifacts']));
  });

  test.each<[string, HuggingFaceModelOptions['tokenField'], string]>([
    ['a whole secret', undefined, ':SecretString:::}}'], ['a field of it', 'read', ':SecretString:read::}}'],
  ])('takes its token from %s, and the template holds a reference', (_what, tokenField, end) => {
    const token = environmentOf(stack => ({
      model: GenAiModel.huggingFace(MISTRAL, { revision: COMMIT, token: new Secret(stack, 'Token'), tokenField }),
    })).HF_TOKEN;
    expect(token).toEqual({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: expect.any(String) }, end]] });
  });

  test('cannot be cut off from the network', () => {
    teaches(stack => ({ ...huggingFace()(stack), networkIsolation: true }), /cannot run cut off[^]*downloads the model[^]*GenAiModel\.s3/);
  });

  test.each(['main', 'v1.0', 'A'.repeat(40), 'a'.repeat(39), '', undefined as unknown as string])('refuses the revision %j', revision => {
    teaches(huggingFace({ revision }), /has to be a commit[^]*https:\/\/huggingface\.co\/mistralai/);
  });

  test.each(['', '/x', 'a/b/c', 'https://huggingface.co/a/b', 'a b/c', 'owner/'])('refuses the id %j', id => {
    teaches(huggingFace({}, id), /no id of a model in Hugging Face/);
  });

  test('takes what only the deployment knows', () => {
    const late = (stack: Stack, name: string) => new CfnParameter(stack, name).valueAsString;
    expect(environmentOf(stack => ({
      model: GenAiModel.huggingFace(late(stack, 'Id'), { revision: late(stack, 'Revision') }), instanceType: late(stack, 'Type'),
    }))).toEqual({ SM_VLLM_MODEL: { Ref: 'Id' }, SM_VLLM_REVISION: { Ref: 'Revision' } });
  });
});

describe('the context', () => {
  test('that does not fit is refused with the longest that does, and with the smallest instance for the whole', () => {
    teaches(
      stack => ({ ...huggingFace({}, LLAMA)(stack), instanceType: 'ml.g5.2xlarge' }),
      /does not fit ml\.g5\.2xlarge[^]*131072 tokens[^]*instanceType: 'ml\.g6e\.xlarge', or a context of at most 28856 tokens/,
    );
  });

  test('that is short enough is told to the server', () => {
    const make: Make = stack => ({ ...huggingFace({ contextTokens: 28_856 }, LLAMA)(stack), instanceType: 'ml.g5.2xlarge' });
    expect(environmentOf(make)).toMatchObject({ SM_VLLM_MAX_MODEL_LEN: '28856' });
    teaches(stack => ({ ...huggingFace({ contextTokens: 28_857 }, LLAMA)(stack), instanceType: 'ml.g5.2xlarge' }), /does not fit/);
  });

  test.each([0, 1, -5, 1.5, NaN])('of %d tokens is none', contextTokens => {
    teaches(huggingFace({ contextTokens }), /no length of a context/);
  });

  test('may be known late', () => {
    const late = (stack: Stack) => new CfnParameter(stack, 'Context', { type: 'Number' }).valueAsNumber;
    const environment = environmentOf(stack => huggingFace({ contextTokens: late(stack) })(stack));
    expect(environment).toMatchObject({ SM_VLLM_MAX_MODEL_LEN: { Ref: 'Context' } });
  });
});

describe('the number of GPUs', () => {
  test.each([
    [LLAMA, 'ml.g5.12xlarge', '4'], [LLAMA, 'ml.p4d.24xlarge', '8'], [FALCON_7B, 'ml.g5.12xlarge', '1'],
    [LLAMA, Lazy.string({ produce: () => 'ml.g5.12xlarge' }), '4'],
  ])('of %s on %s is %s', (id, instanceType, gpus) => {
    expect(environmentOf(stack => ({ ...huggingFace({}, id)(stack), instanceType })).SM_VLLM_TENSOR_PARALLEL_SIZE).toBe(gpus);
  });

  test('is all of them for a model of unknown size, and can be set', () => {
    const onFour = (environment?: Record<string, string>): Make => stack => ({
      ...huggingFace({ environment }, 'own/model')(stack), instanceType: 'ml.g5.12xlarge',
    });
    expect(environmentOf(onFour())).toMatchObject({ SM_VLLM_TENSOR_PARALLEL_SIZE: '4' });
    const own = { SM_VLLM_TENSOR_PARALLEL_SIZE: '2', OTHER: 'x' };
    expect(environmentOf(onFour(own))).toMatchObject(own);
  });
});

describe('the size', () => {
  test('that nobody knows is a warning with the way to state it; and needs an instance type', () => {
    expect(warningsOf(stack => ({ ...huggingFace({}, 'own/model')(stack), instanceType: 'ml.g5.2xlarge' })))
      .toEqual([expect.stringMatching(/own\/model fits ml\.g5\.2xlarge is not checked.*size: \{ weights.*modelSizeUnknown/)]);
    teaches(huggingFace({}, 'own/model'), /no instance type can be chosen/);
  });

  test('that is stated decides', () => {
    const stated = (instanceType?: string, size = SIZE): Make => stack => ({ ...huggingFace({ size }, 'own/model')(stack), instanceType });
    expect(variantOf(stated())).toMatchObject({ InstanceType: 'ml.g6.2xlarge' });
    expect(warningsOf(stated('ml.g5.2xlarge'))).toEqual([]);
    teaches(stated('ml.g5.2xlarge', { ...SIZE, weights: Size.gibibytes(20) }), /does not fit/);
    teaches(stated('ml.g5.2xlarge', { weights: Size.gibibytes(20) }), /does not fit/);
    teaches(stated(undefined, { ...SIZE, weights: Size.tebibytes(4) }), /no instance type can be chosen|no known instance type/);
  });

  test.each<[string, Partial<GenAiModelSize>, RegExp]>([
    ['some figures', { layers: undefined, vocabulary: undefined }, /does not say, or not as a whole number: layers, vocabulary/],
    ['a half layer', { layers: 0.5 }, /not as a whole number: layers/],
    ['a late figure', { layers: Token.asNumber({ Ref: 'X' }) }, /not as a whole number: layers/],
    ['heads that cannot be shared out', { keyValueHeads: 5 }, /cannot be shared out/],
    ['no weights', { weights: undefined }, /needs weights/],
    ['weights of nothing', { weights: Size.bytes(0) }, /needs weights/],
    ['late weights', { weights: Size.gibibytes(Lazy.number({ produce: () => 1 })) }, /needs weights/],
    ['late peak', { peak: Size.gibibytes(Lazy.number({ produce: () => 1 })) }, /needs peak/],
    ['another precision', { precision: 'int4' as ModelPrecision }, /numbers of this type/],
  ])('with %s is refused', (_what, change, problem) => {
    teaches(huggingFace({ size: { ...SIZE, ...change } as GenAiModelSize }), problem);
  });
});

describe('a model in S3', () => {
  const bucketOf = (template: Template) => ({ Ref: Object.keys(template.findResources('AWS::S3::Bucket'))[0] });

  test('lies uncompressed under a prefix, and the role reads this prefix and nothing else', () => {
    const template = templateOf(s3({ prefix: 'models/own/' }));
    const [model] = Object.values(template.findResources('AWS::SageMaker::Model'));
    expect(model.Properties).toMatchObject({
      EnableNetworkIsolation: true,
      PrimaryContainer: {
        Environment: { SM_VLLM_MODEL: '/opt/ml/model' },
        ModelDataSource: {
          S3DataSource: {
            S3Uri: { 'Fn::Join': ['', ['s3://', bucketOf(template), '/models/own/']] }, S3DataType: 'S3Prefix', CompressionType: 'None',
          },
        },
      },
    });
    expect(JSON.stringify(statementsOf(template).ReadModelArtifacts.Resource)).toContain('/models/own/*');
  });

  test('lies in an archive, and the role reads this one object', () => {
    const template = templateOf(s3({ archive: 'models/own.tar.gz' }));
    const [model] = Object.values(template.findResources('AWS::SageMaker::Model'));
    const { S3DataSource } = model.Properties.PrimaryContainer.ModelDataSource;
    expect(S3DataSource).toMatchObject({ S3DataType: 'S3Object', CompressionType: 'Gzip' });
    const { ReadModelArtifacts, ListModelArtifacts } = statementsOf(template);
    expect(JSON.stringify(ReadModelArtifacts.Resource)).toMatch(/\/models\/own\.tar\.gz"\]/);
    expect(ListModelArtifacts.Condition).toEqual({ StringLike: { 's3:prefix': ['models/own.tar.gz'] } });
  });

  test.each<[string, (stack: Stack) => Partial<ModelFilesOptions>]>([
    ['of the bucket', stack => ({ bucket: new Bucket(stack, 'Encrypted', { encryptionKey: new Key(stack, 'Key') }) })],
    ['of the files', stack => ({ encryptionKey: new Key(stack, 'Key') })],
  ])('is decrypted by the key %s', (_what, files) => {
    const template = templateOf(stack => s3({ prefix: 'own/', ...files(stack) })(stack));
    const [key] = Object.keys(template.findResources('AWS::KMS::Key'));
    expect(statementsOf(template).DecryptModelArtifacts).toMatchObject({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [key, 'Arn'] } });
  });

  test.each(['own', '/own/', 'own//', 'own/*/', 'ow?n/', 'my own/', '', '/'])('refuses the prefix %j', prefix => {
    teaches(s3({ prefix }), /no prefix of one model/);
  });

  test.each(['own.zip', '.tar.gz', 'models/', 'models/.tar.gz', '/own.tar.gz', '*.tar.gz'])('refuses the archive %j', archive => {
    teaches(s3({ archive }), /takes this for no archive/);
  });

  test.each<[string, Partial<ModelFilesOptions>]>([
    ['both', { prefix: 'a/', archive: 'a.tar.gz' }], ['neither', {}], ['no bucket', { bucket: undefined, prefix: 'a/' }],
  ])('refuses %s', (_what, files) => teaches(s3(files), /has to be clear where the model files are/));

  test('refuses a bucket of another Region', () => {
    teaches(
      stack => s3({ bucket: Bucket.fromBucketAttributes(stack, 'Far', { bucketName: 'far', region: 'eu-west-1' }), prefix: 'a/' })(stack),
      /in another Region/,
    );
  });

  test('passes AwsSolutions', () => {
    const stack = stackOf(given => s3({ prefix: 'own/', bucket: Bucket.fromBucketName(given, 'Named', 'named') })(given));
    expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
  });
});

describe('an image', () => {
  const image = (tagOrDigest: string, props: Partial<GenAiEndpointProps> = {}, options = {}): Make => stack => ({
    instanceType: 'ml.g5.2xlarge',
    ...props,
    model: GenAiModel.image({
      repository: new Repository(stack, 'Images'), tagOrDigest, size: { weights: Size.gibibytes(5) }, ...options,
    }),
  });

  test.each(['1.2.0', `sha256:${'0'.repeat(64)}`])('%s is served as it is, from its repository', tag => {
    const options = { environment: { MODE: 'fast' }, inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2' };
    const template = templateOf(image(tag, {}, options));
    const [repository] = Object.keys(template.findResources('AWS::ECR::Repository'));
    const [model] = Object.values(template.findResources('AWS::SageMaker::Model'));
    expect(JSON.stringify(model.Properties.PrimaryContainer.Image)).toContain(tag);
    expect(model.Properties).toMatchObject({ EnableNetworkIsolation: true, PrimaryContainer: { Environment: { MODE: 'fast' } } });
    expect(statementsOf(template).PullModelImage.Resource).toEqual({ 'Fn::GetAtt': [repository, 'Arn'] });
    template.hasResourceProperties('AWS::SageMaker::EndpointConfig', {
      ProductionVariants: [Match.objectLike({ InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2' })],
    });
  });

  test.each(['latest', '', 'a b', 'sha256:0', '-x'])('%j is not pinned', tag => teaches(image(tag), /stays the same/));

  test('may need the network, and then cannot be cut off from it', () => {
    expect(modelOf(image('1', {}, { needsNetwork: true }))).toMatchObject({ EnableNetworkIsolation: false });
    teaches(image('1', { networkIsolation: true }, { needsNetwork: true }), /cannot run cut off/);
  });

  test('may run without a GPU', () => {
    expect(warningsOf(image('1', { instanceType: 'ml.c6i.xlarge' }))).toEqual([]);
    teaches(image('1', { instanceType: 'c6i.xlarge' }), /begin with "ml\."/);
  });

  test('whose model does not fit is refused', () => {
    teaches(image('1', {}, { size: { weights: Size.gibibytes(30), precision: ModelPrecision.FP16 } }), /does not fit ml\.g5\.2xlarge/);
  });

  test('of a repository in another Region is refused', () => {
    const arn = 'arn:aws:ecr:eu-west-1:111122223333:repository/far';
    teaches(
      stack => image('1', {}, {
        repository: Repository.fromRepositoryAttributes(stack, 'Far', { repositoryArn: arn, repositoryName: 'far' }),
      })(stack),
      /in another Region/,
    );
  });
});

test.each(['sglang', 'constructor', ''])('the server %j is refused', server => {
  teaches(huggingFace({ server: server as ModelServer }), /no such server[^]*ModelServer\.VLLM, ModelServer\.TGI/);
});

test.each([
  ['vLLM', ModelServer.VLLM, 8], ['Text Generation Inference', ModelServer.TGI, undefined],
])('%s and a T4', (title, server, needed) => {
  const size = { ...SIZE, weights: Size.gibibytes(3), precision: ModelPrecision.FP16, contextTokens: 1024 };
  const make: Make = stack => ({ ...huggingFace({ server, size })(stack), instanceType: 'ml.g4dn.xlarge' });
  if (needed) teaches(make, new RegExp(`${title} needs a GPU of compute capability 8; the T4 has 7\\.5`));
  else expect(warningsOf(make)).toEqual([]);
});

test.each(['cn-north-1', 'us-gov-west-1', 'eu-central-1'])('the images come from the accounts of %s', region => {
  const template = Template.fromStack(stackOf(huggingFace(), { env: { account: '111122223333', region } }));
  expect(JSON.stringify(statementsOf(template).PullModelImage.Resource)).toMatch(new RegExp(`:ecr:${region}:\\d{12}:repository/vllm`));
});
