import { App, Stack } from 'aws-cdk-lib';
import { policiesOf } from './support/combinations';
import { expectAsInTable, nearMisses } from './support/near-misses';
import { AGENT, Combination, KNOWLEDGE_BASES, own, Permit, permitsOf, RERANKER, TIERS } from './support/permits';
import { isPermitted, requestOf } from './support/permitted';
import { ACCOUNT, allowsStrictly } from './support/simulation';
import { BedrockPermissions, BedrockServiceTier, BedrockTaskRole } from '../../src';

const PLAIN: Combination = {
  region: 'us-east-1',
  models: [
    { form: 'model', id: 'amazon.nova-pro-v1:0' },
    { form: 'embedding model', id: 'amazon.titan-embed-text-v2:0' },
    { form: 'global profile', id: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' },
  ],
  crossRegion: true,
  guardrail: false,
  enforced: false,
  inlineAgents: 'none',
  fineTuning: false,
  batch: false,
  asyncInvoke: false,
  openAi: 'none',
  tiers: false,
  countTokens: false,
  rerank: false,
  knowledgeBases: 'none',
  agents: false,
};
const REGIONS = ['us-east-1', 'us-west-1', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2', 'us-west-2'];

const FLAGS: [flag: string, on: Partial<Combination>][] = [
  ['serviceTiers', { tiers: true }],
  ['allowCountTokens', { countTokens: true }],
  ['allowRerank', { rerank: true }],
  ['allowKnowledgeBases', { knowledgeBases: 'retrieve' }],
  ['allowKnowledgeBases with allowGenerate', { knowledgeBases: 'generate' }],
  ['allowAgents', { agents: true }],
  ['enforcedGuardrails of the standards', { enforced: true }],
];

/** What the flag adds to or changes of what the role has without it. */
const added = (combination: Combination): Permit[] => {
  const without = permitsOf({ ...combination, ...PLAIN, region: combination.region }).map(permit => JSON.stringify(permit));
  return permitsOf(combination).filter(permit => !without.includes(JSON.stringify(permit)));
};

test.each(FLAGS)('%s allows exactly its actions on exactly its resources: 40 requests and near misses at least', (_flag, on) => {
  let compared = 0;
  for (const region of REGIONS) {
    const combination = { ...PLAIN, region, ...on };
    const policies = policiesOf(combination);
    const permits = permitsOf(combination);
    const requests = added(combination).flatMap(permit =>
      [...permit.actions.map(action => requestOf(permit, action)), ...nearMisses(permit, region)]);
    expect(requests.filter(request => isPermitted(permits, request)).length).toBeGreaterThan(0);
    for (const request of requests) expectAsInTable(policies, permits, request);
    compared += requests.length;
  }
  expect(compared).toBeGreaterThanOrEqual(40);
});

test.each(FLAGS)('%s: AWS knows each action on each resource and with each condition', async (_flag, on) => {
  const combination = { ...PLAIN, ...on };
  const policies = policiesOf(combination);
  const isKnownToSimulator = ({ resource }: Permit) => !resource.startsWith('arn:aws:bedrock:::');
  for (const permit of added(combination).filter(isKnownToSimulator)) {
    for (const action of permit.actions) expect(await allowsStrictly(policies, requestOf(permit, action))).toBe(true);
  }
});

test('a request may name a tier of serviceTiers or none, and no other', async () => {
  const policies = policiesOf({ ...PLAIN, tiers: true });
  const resource = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0';
  const isAllowed = (action: string, tier?: string) =>
    allowsStrictly(policies, { action, resource, ...tier && { context: { 'bedrock:ServiceTier': tier } } });
  for (const action of ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream']) {
    for (const tier of [...TIERS, undefined]) expect(await isAllowed(action, tier)).toBe(true);
    for (const tier of ['priority', 'reserved']) expect(await isAllowed(action, tier)).toBe(false);
  }
});

test('the OpenAI-compatible endpoints: that of bedrock-runtime opens the models allowed and no other, that of mantle nothing', async () => {
  const policies = policiesOf({ ...PLAIN, models: [{ form: 'model', id: 'openai.gpt-oss-20b-1:0' }] });
  const model = (id: string) => `arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-${id}-1:0`;
  const isAllowed = (action: string, resource: string) => allowsStrictly(policies, { action, resource });
  // What AWS asks for a request to /openai/v1/chat/completions of bedrock-runtime, as for Converse.
  for (const action of ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream']) {
    expect([await isAllowed(action, model('20b')), await isAllowed(action, model('120b'))]).toEqual([true, false]);
  }
  expect(await isAllowed('bedrock:CallWithBearerToken', '*')).toBe(false);
  expect(await isAllowed('bedrock-mantle:CreateInference', own('us-east-1', 'project/default', 'bedrock-mantle'))).toBe(false);
});

test('a tier and a guardrail bind the same invocation', () => {
  const models = PLAIN.models.filter(({ form }) => form !== 'embedding model');
  const combination = { ...PLAIN, models, crossRegion: false, tiers: true, guardrail: true };
  const permits = permitsOf(combination).filter(({ unlessOther }) => unlessOther !== undefined);
  expect(permits.length).toBeGreaterThan(0);
  for (const permit of permits) {
    for (const request of [requestOf(permit, permit.actions[0]), ...nearMisses(permit, 'us-east-1')]) {
      expectAsInTable(policiesOf(combination), permitsOf(combination), request);
    }
  }
});

describe('what cannot be granted exactly is an error', () => {
  const refuse = (permissions: Partial<BedrockPermissions>) => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'us-east-1', account: ACCOUNT } });
    return () => new BedrockTaskRole(stack, 'Role', { allowedModels: ['amazon.nova-pro-v1:0'], ...permissions });
  };
  const guardrail = { guardrailArn: own('us-east-1', 'guardrail/gr1'), version: '3' };

  test.each<[string, Partial<BedrockPermissions>, string]>([
    ['no tier', { serviceTiers: [] }, 'serviceTiers names no tier'],
    ['nothing to count', { allowedModels: [own('us-east-1', 'imported-model/abcdefghijkl')], allowCountTokens: true }, 'tokens counted'],
    ['no reranker', { allowRerank: true, rerank: { models: [] } }, 'rerank has no model'],
    ['a model that does not rerank', { allowRerank: true, rerank: { models: ['amazon.nova-pro-v1:0'] } }, 'does not rerank'],
    ['a wildcard of rerankers', { allowRerank: true, rerank: { models: ['cohere.rerank-*'] } }, 'does not rerank'],
    ['a reranker under a guardrail', { allowRerank: true, rerank: { models: [RERANKER] }, guardrail }, 'cannot be bound'],
    ['rerank without its flag', { rerank: { models: [RERANKER] } }, 'allowRerank is not set'],
    ['no knowledge base', { allowKnowledgeBases: true, knowledgeBases: { knowledgeBaseArns: [] } }, 'knowledgeBaseArns names none'],
    ['every knowledge base', {
      allowKnowledgeBases: true, knowledgeBases: { knowledgeBaseArns: [own('us-east-1', 'knowledge-base/*')] },
    }, 'another ARN'],
    ['knowledge bases of every Region', {
      allowKnowledgeBases: true, knowledgeBases: { knowledgeBaseArns: [own('*', KNOWLEDGE_BASES[0])] },
    }, 'another ARN'],
    ['an agent for a knowledge base', { allowKnowledgeBases: true, knowledgeBases: { knowledgeBaseArns: [own('us-east-1', AGENT)] } },
      'another ARN'],
    ['the agent itself', { allowAgents: true, agents: { agentAliasArns: [own('us-east-1', 'agent/AGENTAGENT')] } }, 'another ARN'],
    ['every alias', { allowAgents: true, agents: { agentAliasArns: [own('us-east-1', 'agent-alias/AGENTAGENT/*')] } }, 'another ARN'],
    ['an id', { allowAgents: true, agents: { agentAliasArns: ['AGENTAGENT'] } }, 'another ARN'],
    ['an agent under a guardrail', { guardrail, allowAgents: true, agents: { agentAliasArns: [own('us-east-1', AGENT)] } },
      'cannot be bound'],
    ['a flag without its details', { allowAgents: true }, 'agents does not say what for'],
  ])('%s', (_what, permissions, message) => {
    expect(refuse(permissions)).toThrow(message);
  });

  test('the tiers are those of AWS', () => {
    expect(Object.values(BedrockServiceTier)).toEqual(['reserved', 'priority', 'default', 'flex']);
  });
});
