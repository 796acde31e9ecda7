import { App, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { deployed } from './deployed';
import {
  AGENT, APPLICATION_MODEL, APPLICATION_PROFILE, Combination, FALLBACK, GUARDRAIL_PROFILE, guardrailOf, guardrailsInForce, JOB_ROLE,
  KNOWLEDGE_BASES, NamedModel, nameOf, own, partitionOf, RERANKER,
} from './permits';
import { ACCOUNT, PolicyJson } from './simulation';
import { BedrockGuardrail, BedrockPermissions, BedrockServiceTier, BedrockTaskRole, GuardrailInForce, Standards } from '../../../src';

const EVERYWHERE: NamedModel[] = [
  { form: 'model', id: 'anthropic.claude-3-haiku-20240307-v1:0' },
  { form: 'model', id: 'anthropic.claude-3-sonnet-20240229-v1:0' },
  { form: 'model', id: 'amazon.titan-text-lite-v1:0:4k' },
  { form: 'model', id: 'deepseek.v3.2' },
  { form: 'embedding model', id: 'amazon.titan-embed-text-v2:0' },
  { form: 'embedding model', id: 'cohere.embed-multilingual-v3' },
  { form: 'other ARN', id: 'provisioned-model/abcdefghijkl' },
  { form: 'other ARN', id: 'custom-model-deployment/abcdefghijkl' },
  { form: 'other ARN', id: 'imported-model/abcdefghijkl' },
  { form: 'marketplace endpoint', id: 'endpoint/hosted' },
  { form: 'prompt', id: 'prompt/ABCDEFGHIJ' },
  { form: 'prompt', id: 'prompt/ABCDEFGHIJ:7' },
  { form: 'application profile of a model', id: 'application-inference-profile/appmodel0001' },
];
const GLOBAL: NamedModel[] = [{ form: 'global profile', id: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' }];
const US: NamedModel[] = [
  { form: 'profile', id: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
  { form: 'profile', id: 'us.amazon.nova-lite-v1:0' },
  { form: 'embedding profile', id: 'us.cohere.embed-v4:0' },
  { form: 'application profile of a profile', id: 'application-inference-profile/appprofile01' },
];

/** The models that can be named in a stack of each Region. */
const MODELS: Record<string, NamedModel[]> = {
  'us-east-1': [...EVERYWHERE, ...GLOBAL, ...US],
  'us-west-1': [...EVERYWHERE, ...GLOBAL, ...US],
  'us-west-2': [...EVERYWHERE, ...GLOBAL, ...US],
  'eu-west-1': [...EVERYWHERE, ...GLOBAL, { form: 'profile', id: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0' }],
  'ap-northeast-1': [...EVERYWHERE, ...GLOBAL, { form: 'profile', id: 'jp.anthropic.claude-haiku-4-5-20251001-v1:0' }],
  'ap-southeast-2': [...EVERYWHERE, ...GLOBAL, { form: 'profile', id: 'au.anthropic.claude-haiku-4-5-20251001-v1:0' }],
  'us-gov-west-1': [...EVERYWHERE, { form: 'profile', id: 'us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0' }],
  'cn-north-1': EVERYWHERE,
};
const SERVES_THE_FALLBACK = /^(us|global)\.|^[^.]+$/;

const COUNTED = /^(model|profile|global profile|application profile.*)$/;

/** What few roles need; permissions in pairs are what matters. */
const sometimes = fc.constantFrom(false, false, false, true);

/** Any permissions that the library accepts. */
export const combinations: fc.Arbitrary<Combination> = fc.constantFrom(...Object.keys(MODELS)).chain(region => fc.record({
  region: fc.constant(region),
  models: fc.subarray(MODELS[region], { minLength: 1, maxLength: 3 }).filter(models => models.some(({ form }) => form !== 'prompt')),
  crossRegion: fc.boolean(),
  guardrail: sometimes,
  enforced: sometimes,
  inlineAgents: fc.constantFrom('none', 'none', 'none', 'any', 'named'),
  fineTuning: sometimes,
  batch: sometimes,
  asyncInvoke: sometimes,
  openAi: fc.constantFrom('none', 'none', 'none', 'default project', 'project and token'),
  tiers: sometimes,
  countTokens: sometimes,
  rerank: sometimes,
  knowledgeBases: fc.constantFrom('none', 'none', 'retrieve', 'generate'),
  agents: sometimes,
})).map(combination => {
  const { models, openAi } = combination;
  const guardrail = combination.guardrail && models.every(({ form }) => !form.startsWith('embedding'));
  const canFallBack =
    partitionOf(region(combination)) === 'aws' && models.every(({ form, id }) => form !== 'profile' || SERVES_THE_FALLBACK.test(id));
  return {
    ...combination,
    guardrail,
    crossRegion: combination.crossRegion && canFallBack,
    enforced: combination.enforced && partitionOf(region(combination)) === 'aws',
    batch: combination.batch && !guardrail,
    asyncInvoke: combination.asyncInvoke && !guardrail,
    openAi: guardrail ? 'none' as const : openAi as Combination['openAi'],
    countTokens: combination.countTokens && models.some(({ form }) => COUNTED.test(form)),
    rerank: combination.rerank && !guardrail,
    agents: combination.agents && !guardrail,
    knowledgeBases: combination.knowledgeBases as Combination['knowledgeBases'],
    inlineAgents: combination.inlineAgents as Combination['inlineAgents'],
  };
});

const region = ({ region: name }: { region: string }): string => name;

function guardrailIn(place: string): BedrockGuardrail {
  const profile = { profileId: GUARDRAIL_PROFILE, destinationRegions: ['us-east-1', 'us-east-2', 'us-west-2'] };
  return { guardrailArn: guardrailOf(place), version: '3', ...(MODELS[place].includes(US[0]) && { profile }) };
}

/** In every Region, as an organisation does it. */
function enforcedEverywhere(): GuardrailInForce[] {
  return Object.keys(MODELS).filter(place => partitionOf(place) === 'aws').flatMap(place => {
    const [organisation, account] = guardrailsInForce(place);
    return [{ guardrailArn: organisation, profile: guardrailIn(place).profile }, { guardrailArn: account }];
  });
}

/** Every policy of the role that these permissions make. */
export function policiesOf(combination: Combination): PolicyJson[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: combination.region } });
  if (combination.enforced) Standards.apply(stack, { product: 'P', environment: 'dev', enforcedGuardrails: enforcedEverywhere() });
  const role = new BedrockTaskRole(stack, 'Role', permissionsOf(stack, combination));
  const atDeployment = (value: unknown) => deployed(stack.resolve(value), { 'AWS::Partition': partitionOf(combination.region) });
  const inline = atDeployment((role.node.defaultChild as CfnRole).policies) as { policyDocument: PolicyJson }[] | undefined;
  const managed = role.node.findAll().filter(child => child instanceof CfnManagedPolicy);
  return [
    ...(inline ?? []).map(({ policyDocument }) => policyDocument),
    ...managed.map(policy => atDeployment(policy.policyDocument) as PolicyJson),
  ];
}

export function permissionsOf(stack: Stack, combination: Combination): BedrockPermissions {
  const { models, crossRegion, guardrail, inlineAgents, fineTuning, batch, asyncInvoke, openAi } = combination;
  const { region: home, tiers, countTokens, rerank, knowledgeBases, agents } = combination;
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data');
  const jobRole = Role.fromRoleArn(stack, 'Jobs', JOB_ROLE);
  const folder = (prefix: string) => ({ bucket, prefix });
  const applications = models.filter(({ form }) => form.startsWith('application'));
  return {
    allowedModels: models.map(model => nameOf(model, combination.region)),
    inferenceProfiles: applications.map(model => ({
      profile: nameOf(model, combination.region),
      model: model.form === 'application profile of a model' ? APPLICATION_MODEL : APPLICATION_PROFILE,
    })),
    allowCrossRegion: crossRegion,
    allowEmbeddings: true,
    ...(guardrail && { guardrail: guardrailIn(combination.region) }),
    ...(guardrail && crossRegion && combination.region !== FALLBACK && { guardrailInFallbackRegion: guardrailIn(FALLBACK) }),
    ...(tiers && { serviceTiers: [BedrockServiceTier.FLEX, BedrockServiceTier.DEFAULT] }),
    ...(countTokens && { allowCountTokens: true }),
    ...(rerank && { allowRerank: true, rerank: { models: [RERANKER] } }),
    ...(knowledgeBases !== 'none' && {
      allowKnowledgeBases: true,
      knowledgeBases: { knowledgeBaseArns: KNOWLEDGE_BASES.map(id => own(home, id)), allowGenerate: knowledgeBases === 'generate' },
    }),
    ...(agents && { allowAgents: true, agents: { agentAliasArns: [own(home, AGENT)] } }),
    ...(inlineAgents !== 'none' && { allowInlineAgents: true }),
    ...(inlineAgents === 'named' && { inlineAgentNames: ['helper', 'guide'] }),
    ...(fineTuning && {
      allowFineTuning: true,
      fineTuning: {
        baseModels: ['amazon.nova-micro-v1:0:128k'],
        trainingData: folder('training'),
        output: folder('tuned/'),
        customizationRole: jobRole,
      },
    }),
    ...(batch && {
      allowBatchInference: true,
      batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder('prompts'), output: folder('answers'), serviceRole: jobRole },
    }),
    ...(asyncInvoke && { allowAsyncInvoke: true, asyncInvoke: { models: ['amazon.nova-reel-v1:0'], output: folder('videos') } }),
    ...(openAi !== 'none' && { allowOpenAiEndpoint: true }),
    ...(openAi === 'project and token' && { openAiEndpoint: { projectIds: ['proj_abc'], allowBearerToken: true } }),
  };
}
