import { App, Fn, Stack } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BedrockDataLocation, BedrockPermissions, BedrockTaskRole, Standards } from '../../src';
import { ACCOUNT } from './support/simulation';

const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
const PROFILE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const APPLICATION_PROFILE = `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/abcdefghijkl`;
const GUARDRAIL = `arn:aws:bedrock:us-east-1:${ACCOUNT}:guardrail/gr1`;
const GUARDRAIL_IN_FALLBACK = `arn:aws:bedrock:us-west-2:${ACCOUNT}:guardrail/gr2`;
const guardedBy = (profileId: string, destinationRegions: string[]) => ({
  guardrailArn: GUARDRAIL,
  version: '1',
  profile: { profileId, destinationRegions },
});
/** Enough models for eleven managed policies. */
const TOO_MANY = Array.from({ length: 900 }, (_value, index) => `provider.a-model-with-a-long-name-${index}-v1:0`);

interface WrongInput extends Partial<BedrockPermissions> {
  readonly region?: string;
  readonly environment?: string;
}

type Folders = (prefix?: string) => BedrockDataLocation;

const WRONG: Record<string, WrongInput | ((folder: Folders, role: ReturnType<typeof Role.fromRoleArn>) => WrongInput)> = {
  'no model': { allowedModels: [] },
  'a wildcard': { allowedModels: ['anthropic.claude-*'] },
  'an id of an unknown form': { allowedModels: ['claude-3-haiku'] },
  'a model named twice': { allowedModels: [HAIKU, HAIKU] },
  'a model known only at deployment': { allowedModels: [Fn.importValue('Model')] },
  'an ARN of another service': { allowedModels: ['arn:aws:s3:::models'] },
  'an ARN of an agent': { allowedModels: [`arn:aws:bedrock:us-east-1:${ACCOUNT}:agent/ABCDEFGHIJ`] },
  'an ARN of another partition': { allowedModels: ['arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0'] },
  'a custom model instead of its deployment': {
    allowedModels: [`arn:aws:bedrock:us-east-1:${ACCOUNT}:custom-model/amazon.nova-pro-v1:0/abcdefghijkl`],
  },
  'a prompt and no model': { allowedModels: [`arn:aws:bedrock:us-east-1:${ACCOUNT}:prompt/ABCDEFGHIJ`] },
  'an embedding model without its flag': { allowedModels: ['amazon.titan-embed-text-v2:0'] },
  'a profile of an unknown geography': { allowedModels: ['mars.anthropic.claude-haiku-4-5-20251001-v1:0'] },
  'a profile of another geography': { allowedModels: [PROFILE], region: 'eu-west-1' },
  'a profile of another partition': { allowedModels: [PROFILE], region: 'us-gov-west-1' },
  'a global profile outside the commercial Regions': { allowedModels: [`global.${HAIKU}`], region: 'us-gov-west-1' },
  'an application inference profile without its model': { allowedModels: [APPLICATION_PROFILE] },
  'a profile ARN without an account': { allowedModels: [`arn:aws:bedrock:us-east-1::inference-profile/${PROFILE}`] },
  'a profile ARN without a Region': { allowedModels: [`arn:aws:bedrock::${ACCOUNT}:inference-profile/${PROFILE}`] },
  'a profile ARN of something that is no Region': { allowedModels: [`arn:aws:bedrock:everywhere:${ACCOUNT}:inference-profile/${PROFILE}`] },
  'a profile ARN of something that is no account': { allowedModels: [`arn:aws:bedrock:us-east-1:aws:inference-profile/${PROFILE}`] },
  'a profile ARN of another account': { allowedModels: [`arn:aws:bedrock:us-east-1:999999999999:inference-profile/${PROFILE}`] },
  'an endpoint of another account': { allowedModels: ['arn:aws:sagemaker:us-east-1:999999999999:endpoint/hosted'] },
  'provisioned throughput without an account': { allowedModels: ['arn:aws:bedrock:us-east-1::provisioned-model/abcdefghijkl'] },
  'an application inference profile made of a model of another Region': {
    allowedModels: [APPLICATION_PROFILE],
    inferenceProfiles: [{ profile: APPLICATION_PROFILE, model: `arn:aws:bedrock:eu-west-1::foundation-model/${HAIKU}` }],
  },
  'an application inference profile made of a custom model': {
    allowedModels: [APPLICATION_PROFILE],
    inferenceProfiles: [{ profile: APPLICATION_PROFILE, model: `arn:aws:bedrock:us-east-1:${ACCOUNT}:provisioned-model/abcdefghijkl` }],
  },
  'an application inference profile made of a profile that is not there': {
    allowedModels: [APPLICATION_PROFILE],
    inferenceProfiles: [{ profile: APPLICATION_PROFILE, model: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0' }],
  },
  'routing to another partition': {
    allowedModels: [PROFILE],
    inferenceProfiles: [{ profile: PROFILE, destinationRegions: ['us-gov-west-1'] }],
  },
  'routing of a profile, twice': {
    allowedModels: [PROFILE],
    inferenceProfiles: [{ profile: PROFILE, destinationRegions: ['us-west-2'] }, { profile: PROFILE, destinationRegions: ['us-east-2'] }],
  },
  'a model of a profile whose id tells its model': { allowedModels: [PROFILE], inferenceProfiles: [{ profile: PROFILE, model: HAIKU }] },
  'routing of a profile that is not allowed': { inferenceProfiles: [{ profile: PROFILE }] },
  'routing of something that is no profile': { inferenceProfiles: [{ profile: HAIKU }] },
  'routing to something that is no Region': {
    allowedModels: [PROFILE],
    inferenceProfiles: [{ profile: PROFILE, destinationRegions: ['*'] }],
  },
  'a fallback Region in another partition': { allowCrossRegion: true, region: 'us-gov-west-1' },
  'a fallback Region where the profile does not exist': {
    allowedModels: ['eu.anthropic.claude-haiku-4-5-20251001-v1:0'],
    allowCrossRegion: true,
    region: 'eu-west-1',
  },
  'a guardrail by its id': { guardrail: { guardrailArn: 'gr1', version: '1' } },
  'the draft of a guardrail': { guardrail: { guardrailArn: GUARDRAIL, version: 'DRAFT' } },
  'more than the number of a guardrail\'s version': { guardrail: { guardrailArn: GUARDRAIL, version: '1.0' } },
  'a guardrail profile of an unknown form': { guardrail: guardedBy('us.*', ['us-west-2']) },
  'a guardrail profile of an unknown geography': { guardrail: guardedBy('mars.guardrail.v1:0', ['us-west-2']) },
  'a guardrail profile of another geography': { guardrail: guardedBy('eu.guardrail.v1:0', ['eu-west-1']) },
  'a guardrail profile of another partition': { guardrail: guardedBy('us-gov.guardrail.v1:0', ['us-gov-west-1']) },
  'a guardrail profile to another partition': { guardrail: guardedBy('us.guardrail.v1:0', ['us-gov-west-1']) },
  'a guardrail profile that is not offered in the guardrail\'s Region': {
    guardrail: { ...guardedBy('us.guardrail.v1:0', ['us-west-2']), guardrailArn: GUARDRAIL.replace('us-east-1', 'ca-west-1') },
    region: 'ca-west-1',
  },
  'a guardrail of any Region': { guardrail: { guardrailArn: GUARDRAIL.replace('us-east-1', '*'), version: '1' } },
  'a guardrail profile to nowhere': { guardrail: guardedBy('us.guardrail.v1:0', []) },
  'a guardrail profile to anywhere': { guardrail: guardedBy('us.guardrail.v1:0', ['*']) },
  'a guardrail, and work that cannot be bound to it': { guardrail: { guardrailArn: GUARDRAIL, version: '1' }, allowOpenAiEndpoint: true },
  'a guardrail of another Region': { guardrail: { guardrailArn: GUARDRAIL, version: '1' }, region: 'eu-west-1' },
  'a guardrail of the fallback Region, and no requests there': {
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
    guardrailInFallbackRegion: { guardrailArn: GUARDRAIL_IN_FALLBACK, version: '1' },
  },
  'a guardrail of the fallback Region alone': {
    allowCrossRegion: true,
    guardrailInFallbackRegion: { guardrailArn: GUARDRAIL_IN_FALLBACK, version: '1' },
  },
  'the same guardrail for the fallback Region': {
    allowCrossRegion: true,
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
    guardrailInFallbackRegion: { guardrailArn: GUARDRAIL, version: '1' },
  },
  'the draft of a guardrail for the fallback Region': {
    allowCrossRegion: true,
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
    guardrailInFallbackRegion: { guardrailArn: GUARDRAIL_IN_FALLBACK, version: 'DRAFT' },
  },
  'a guardrail, and a fallback Region where it does not exist': {
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
    allowCrossRegion: true,
  },
  'a guardrail, and embeddings': {
    allowedModels: [HAIKU, 'amazon.titan-embed-text-v2:0'],
    allowEmbeddings: true,
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
  },
  'a guardrail, and embeddings through a profile': {
    allowedModels: ['us.cohere.embed-v4:0'],
    allowEmbeddings: true,
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
  },
  'a guardrail, and a reranker': { allowedModels: ['cohere.rerank-v3-5:0'], guardrail: { guardrailArn: GUARDRAIL, version: '1' } },
  'a guardrail, and a model of speech': {
    allowedModels: ['amazon.nova-2-sonic-v1:0'],
    guardrail: { guardrailArn: GUARDRAIL, version: '1' },
  },
  'a guardrail, and a model of video': { allowedModels: ['us.luma.ray-v2:0'], guardrail: { guardrailArn: GUARDRAIL, version: '1' } },
  'an owner of jobs, and no jobs': { jobOwner: 'nightly' },
  'a pattern of owners of jobs': folder => ({
    jobOwner: 'nightly-*', allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: folder() },
  }),
  'names of inline agents without the flag': { inlineAgentNames: ['helper'] },
  'an empty list of names of inline agents': { allowInlineAgents: true, inlineAgentNames: [] },
  'a pattern of names of inline agents': { allowInlineAgents: true, inlineAgentNames: ['help*'] },
  'fine-tuning without details': { allowFineTuning: true },
  'fine-tuning of a profile': (folder, role) => ({
    allowFineTuning: true,
    fineTuning: { baseModels: [PROFILE], trainingData: folder(), output: folder(), customizationRole: role },
  }),
  'fine-tuning on a whole bucket': (folder, role) => ({
    allowFineTuning: true,
    fineTuning: { baseModels: ['amazon.nova-lite-v1:0:300k'], trainingData: folder('*'), output: folder(), customizationRole: role },
  }),
  'fine-tuning in production without a reason': (folder, role) => ({
    environment: 'prod',
    allowFineTuning: true,
    fineTuning: { baseModels: ['amazon.nova-lite-v1:0:300k'], trainingData: folder(), output: folder(), customizationRole: role },
  }),
  'a profile in a batch': (folder, role) => ({
    allowBatchInference: true,
    batchInference: { models: [PROFILE], input: folder(), output: folder(), serviceRole: role },
  }),
  'asynchronous invocation of nothing': folder => ({ allowAsyncInvoke: true, asyncInvoke: { models: [], output: folder() } }),
  'a project of the OpenAI-compatible endpoint by its name': { allowOpenAiEndpoint: true, openAiEndpoint: { projectIds: ['chat'] } },
  'models by environment, and no environment': { modelsByEnvironment: { dev: ['amazon.nova-pro-v1:0'] } },
  'a model by environment that every environment has': { environment: 'dev', modelsByEnvironment: { dev: [HAIKU] } },
  'a wildcard for another environment': { environment: 'prod', modelsByEnvironment: { dev: ['amazon.nova-*'] } },
  'more models than one role can hold': { allowedModels: TOO_MANY },
};

test('there are at least 25 of them', () => {
  expect(Object.keys(WRONG).length).toBeGreaterThanOrEqual(25);
});

test.each(Object.keys(WRONG))('%s', name => {
  const app = new App();
  const folder = Bucket.fromBucketName(new Stack(app, 'Data'), 'Bucket', 'training-data');
  const role = Role.fromRoleArn(new Stack(app, 'Jobs'), 'Role', `arn:aws:iam::${ACCOUNT}:role/jobs`);
  const wrong = WRONG[name];
  const { region, environment, ...permissions } =
    typeof wrong === 'function' ? wrong((prefix = 'training/') => ({ bucket: folder, prefix }), role) : wrong;
  if (environment) Standards.apply(app, { product: 'MangaAssist', environment, checks: false });
  const stack = new Stack(app, 'Chat', { env: { account: ACCOUNT, region: region ?? 'us-east-1' } });
  expect(() => new BedrockTaskRole(stack, 'Role', { allowedModels: [HAIKU], ...permissions })).toThrowErrorMatchingSnapshot();
});
