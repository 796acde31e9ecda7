import { CustomResourceCaller } from './support/custom-resource-caller';
import { FakeApi, failure } from '../../support/fake-api';
import { startLibraryFunction } from '../../support/library-function';
import type { LambdaFunction } from '../../support/runtime-function';
import { NODE_24 } from '../../support/runtime-generations';

jest.setTimeout(180_000);

const ID = 'own-llm-1b';
const REGION = 'us-east-1';
const DOCUMENT = {
  HostingEcrUri: `763104351884.dkr.ecr.${REGION}.amazonaws.com/djl-inference:0.34.0-lmi16.0.0-cu128`,
  HostingArtifactUri: `s3://jumpstart-cache-prod-${REGION}/own/artifacts/v1.0.0/`,
  InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2',
  InferenceEnvironmentVariables: [
    { Name: 'SM_NUM_GPUS', Default: 1, Scope: 'container' }, { Name: 'EMPTY' }, { Name: 'MODE', Default: 'fast' },
  ],
  DefaultInferenceInstanceType: 'ml.g5.2xlarge',
  SupportedInferenceInstanceTypes: ['ml.g5.2xlarge', 'ml.g5.12xlarge'],
};
const VERSIONS = ['1.2.3', '1.2.10', '1.10.0', '2.0.0'];

let api: FakeApi;
let fn: LambdaFunction;
let caller: CustomResourceCaller;

beforeAll(async () => {
  api = await FakeApi.start();
  fn = await startLibraryFunction({ name: 'jump-start-model', generation: NODE_24, aws: api, environment: { AWS_REGION: REGION } });
  caller = await CustomResourceCaller.start(fn);
});
afterAll(async () => {
  await fn.stop();
  api.close();
  caller.close();
});

function hub(document: object = DOCUMENT): void {
  api.answer({
    DescribeHubContent: ({ HubContentName: name, HubContentVersion: version }) => (name === ID && VERSIONS.includes(version)
      ? { HubContentVersion: version, HubContentDocument: JSON.stringify(document) } : failure('ResourceNotFound')),
    // A page holds two; one is withdrawn, and one not there yet.
    ListHubContentVersions: ({ HubContentName: name, NextToken: token = '0' }) => {
      if (name !== ID) return failure('ResourceNotFound');
      const all = [
        ...VERSIONS.map(HubContentVersion => ({ HubContentVersion, HubContentStatus: 'Available', SupportStatus: 'Supported' })),
        { HubContentVersion: '3.0.0', HubContentStatus: 'Available', SupportStatus: 'Deprecated' },
        { HubContentVersion: '4.0.0', HubContentStatus: 'Importing' },
      ];
      const start = Number(token);
      return { HubContentSummaries: all.slice(start, start + 2), ...(start + 2 < all.length && { NextToken: String(start + 2) }) };
    },
  });
}

const resolve = (properties: object = {}, type = 'Create'): Promise<any> =>
  caller.call(type, { modelId: ID, version: '1.2.3', instanceType: '', acceptEula: false, dnsSuffix: 'amazonaws.com', ...properties });

test('a model is what the hub says of it', async () => {
  hub();
  expect(await resolve()).toMatchObject({
    Status: 'SUCCESS',
    Data: {
      Version: '1.2.3',
      Image: DOCUMENT.HostingEcrUri,
      ImageAccount: '763104351884',
      Repository: 'djl-inference',
      Bucket: `jumpstart-cache-prod-${REGION}`,
      Key: 'own/artifacts/v1.0.0/',
      S3DataType: 'S3Prefix',
      CompressionType: 'None',
      Environment: { SM_NUM_GPUS: '1', MODE: 'fast' },
      InstanceType: 'ml.g5.2xlarge',
      InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2',
    },
  });
  expect(api.calls).toEqual([expect.objectContaining({
    operation: 'DescribeHubContent',
    input: { HubName: 'SageMakerPublicHub', HubContentType: 'Model', HubContentName: ID, HubContentVersion: '1.2.3' },
    headers: expect.objectContaining({
      'content-type': 'application/x-amz-json-1.1',
      'authorization': expect.stringMatching(/\/us-east-1\/sagemaker\/aws4_request/),
    }),
  })]);
});

test.each([
  ['1.2.*', '1.2.10'], ['1.*', '1.10.0'], ['*', '2.0.0'], ['2.0.*', '2.0.0'],
])('%s is %s, over all pages', async (version, expected) => {
  hub();
  expect((await resolve({ version }, 'Update')).Data.Version).toBe(expected);
});

test.each([
  ['1.2.4', 'Given: 1.2.4. Nearest: 1.2.3, 1.2.10, 1.10.0, 2.0.0. Newest: 2.0.0.'],
  ['1.3.*', 'Given: 1.3.*. Nearest: 1.2.10, 1.2.3, 1.10.0, 2.0.0. Newest: 2.0.0.'],
  ['3.*', 'Given: 3.*. Nearest: 2.0.0'],
])('version %s is not there, and the nearest are named', async (version, expected) => {
  hub();
  expect(await resolve({ version })).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(expected) });
});

test.each(['1.0.0', '*'])('a model that is not there is said so, at version %s', async version => {
  hub();
  const answer = await resolve({ modelId: 'nobody', version });
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toMatch(/no model of this id here\. Given: nobody\. Region: us-east-1/);
});

describe('a licence', () => {
  const EULA = 's3://jumpstart-cache-prod-us-east-1/eula.txt';
  const GATED = {
    ...DOCUMENT, GatedBucket: true, HostingEulaUri: EULA, HostingArtifactUri: `s3://jumpstart-private-cache-prod-${REGION}/gated/`,
  };

  test('has to be accepted, and is named', async () => {
    hub(GATED);
    const { Status, Reason } = await resolve();
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(/has a licence[^]*eula\.txt[^]*acceptEula: true/);
  });

  test('that is accepted opens the private cache', async () => {
    hub(GATED);
    expect((await resolve({ acceptEula: true })).Data).toMatchObject({ Bucket: `jumpstart-private-cache-prod-${REGION}`, Key: 'gated/' });
  });
});

test('what differs by the instance type is that of the type, then of its family', async () => {
  hub({
    ...DOCUMENT,
    HostingInstanceTypeVariants: {
      Aliases: { newer: '763104351884.dkr.ecr.us-east-1.amazonaws.com/vllm:2' },
      Variants: {
        'g5': { Properties: { ImageUri: '$newer', EnvironmentVariables: { SM_NUM_GPUS: '8', MODE: 'slow' } } },
        'ml.g5.12xlarge': { Properties: { EnvironmentVariables: { SM_NUM_GPUS: 4 } } },
      },
    },
  });
  expect((await resolve({ instanceType: 'ml.g5.12xlarge' })).Data).toMatchObject({
    Repository: 'vllm', InstanceType: 'ml.g5.12xlarge', Environment: { SM_NUM_GPUS: '4', MODE: 'slow' },
  });
});

test('a model that says all in its configurations is deployed by the first in rank that supports the type', async () => {
  const { HostingEcrUri, HostingArtifactUri, InferenceAmiVersion, ...top } = DOCUMENT;
  const component = (tag: string, types: string[]) => ({
    HostingEcrUri: `763104351884.dkr.ecr.us-east-1.amazonaws.com/lmi:${tag}`, HostingArtifactUri, SupportedInferenceInstanceTypes: types,
  });
  hub({
    ...top,
    InferenceConfigRankings: { overall: { Rankings: ['fast', 'plain'] } },
    InferenceConfigs: { plain: { ComponentNames: ['b'] }, fast: { ComponentNames: ['a'] } },
    InferenceConfigComponents: { a: component('a', ['ml.p4d.24xlarge']), b: component('b', ['ml.g5.2xlarge']) },
  });
  expect((await resolve({ instanceType: 'ml.g5.2xlarge' })).Data).toMatchObject({
    Image: expect.stringMatching(/lmi:b$/), InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1',
  });
});

test('an archive is read as one', async () => {
  hub({ ...DOCUMENT, HostingPrepackedArtifactUri: `s3://jumpstart-cache-prod-${REGION}/own/infer.tar.gz` });
  expect((await resolve()).Data).toMatchObject({ Key: 'own/infer.tar.gz', S3DataType: 'S3Object', CompressionType: 'Gzip' });
});

test.each<[string, object, object, RegExp]>([
  ['an instance type that is not listed', {}, { instanceType: 'ml.g6.2xlarge' }, /Allowed: ml\.g5\.2xlarge, ml\.g5\.12xlarge/],
  ['an instance without a GPU', { DefaultInferenceInstanceType: 'ml.m5.xlarge' }, {}, /instances with a GPU. Given: ml\.m5\.xlarge/],
  ['a document without an image', { HostingEcrUri: undefined }, {}, /names no image/],
  ['a model of the Marketplace', { HostingArtifactUri: undefined, HostingModelPackageArn: 'arn' }, {}, /package of AWS Marketplace/],
  ['files in a strange bucket', { HostingArtifactUri: 's3://evil/own/' }, {}, /do not lie in a bucket of JumpStart/],
  ['files of another Region', { HostingArtifactUri: 's3://jumpstart-cache-prod-eu-west-1/own/' }, {}, /do not lie in a bucket/],
  ['a wildcard in the files', { HostingArtifactUri: `s3://jumpstart-cache-prod-${REGION}/*/` }, {}, /do not lie in a bucket/],
])('%s is refused', async (_what, change, properties, reason) => {
  hub({ ...DOCUMENT, ...change });
  expect(await resolve(properties)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
});

test('a deletion asks nobody', async () => {
  hub();
  expect(await resolve({}, 'Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(api.calls).toEqual([]);
});

test('a missing permission is told as it is', async () => {
  hub();
  api.answer({ DescribeHubContent: () => failure('AccessDeniedException', 400, 'not authorized') });
  expect(await resolve()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/AccessDeniedException: not authorized/) });
});
