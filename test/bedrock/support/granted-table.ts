import { App, Stack } from 'aws-cdk-lib';
import { IRole, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { deployed } from './deployed';
import { rolePolicies } from './role-policies';
import { ACCOUNT, StatementJson } from './simulation';
import { BedrockDataLocation, BedrockPermissions, BedrockServiceTier, BedrockTaskRole } from '../../../src';

const REGION = 'us-east-1';
const arn = (resource: string) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:${resource}`;
const APPLICATION = arn('application-inference-profile/abcdefghijkl');
const PROMPT = arn('prompt/ABCDEFGHIJ:1');
const NOVA = 'amazon.nova-pro-v1:0';

interface Named {
  /** What the table says is named. */
  readonly what: string;
  readonly permissions: (folder: (prefix: string) => BedrockDataLocation, role: IRole) => Partial<BedrockPermissions>;
}

const models = (...allowedModels: string[]): Named['permissions'] => () => ({ allowedModels });

const MODELS: Named[] = [
  { what: `foundation model \`${NOVA}\``, permissions: models(NOVA) },
  {
    what: 'embedding model `amazon.titan-embed-text-v2:0`, with `allowEmbeddings`',
    permissions: () => ({ allowedModels: ['amazon.titan-embed-text-v2:0'], allowEmbeddings: true }),
  },
  { what: `geographic profile \`us.${NOVA}\``, permissions: models(`us.${NOVA}`) },
  { what: `global profile \`global.${NOVA}\``, permissions: models(`global.${NOVA}`) },
  {
    what: `application inference profile, with \`inferenceProfiles: [{ profile, model: 'us.${NOVA}' }]\``,
    permissions: () => ({ allowedModels: [APPLICATION], inferenceProfiles: [{ profile: APPLICATION, model: `us.${NOVA}` }] }),
  },
  { what: 'provisioned throughput, by ARN', permissions: models(arn('provisioned-model/abcdefghijkl')) },
  { what: 'deployment of a custom model, by ARN', permissions: models(arn('custom-model-deployment/abcdefghijkl')) },
  { what: 'imported model, by ARN', permissions: models(arn('imported-model/abcdefghijkl')) },
  { what: 'Marketplace endpoint, by its SageMaker ARN', permissions: models(`arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/hosted`) },
  { what: `prompt, by ARN, beside its model \`${NOVA}\``, permissions: models(NOVA, PROMPT) },
];

const FLAGS: Named[] = [
  { what: '`allowCrossRegion`', permissions: () => ({ allowCrossRegion: true }) },
  { what: '`guardrail`', permissions: () => ({ guardrail: { guardrailArn: arn('guardrail/gr1'), version: '3' } }) },
  {
    what: "`guardrail` with `profile: { profileId: 'us.guardrail.v1:0', destinationRegions: ['us-west-2'] }`",
    permissions: () => ({
      guardrail: {
        guardrailArn: arn('guardrail/gr1'),
        version: '3',
        profile: { profileId: 'us.guardrail.v1:0', destinationRegions: ['us-west-2'] },
      },
    }),
  },
  {
    what: '`allowCrossRegion`, `guardrail` and `guardrailInFallbackRegion`',
    permissions: () => ({
      allowCrossRegion: true,
      guardrail: { guardrailArn: arn('guardrail/gr1'), version: '3' },
      guardrailInFallbackRegion: { guardrailArn: `arn:aws:bedrock:us-west-2:${ACCOUNT}:guardrail/gr2`, version: '5' },
    }),
  },
  {
    what: '`serviceTiers: [BedrockServiceTier.DEFAULT, BedrockServiceTier.FLEX]`',
    permissions: () => ({ serviceTiers: [BedrockServiceTier.DEFAULT, BedrockServiceTier.FLEX] }),
  },
  { what: '`allowCountTokens`', permissions: () => ({ allowCountTokens: true }) },
  { what: '`allowRerank`', permissions: () => ({ allowRerank: true, rerank: { models: ['cohere.rerank-v3-5:0'] } }) },
  {
    what: '`allowKnowledgeBases`, `knowledgeBases: { allowGenerate: true, … }`',
    permissions: () => ({
      allowKnowledgeBases: true, knowledgeBases: { knowledgeBaseArns: [arn('knowledge-base/ABCDEFGHIJ')], allowGenerate: true },
    }),
  },
  {
    what: '`allowAgents`',
    permissions: () => ({ allowAgents: true, agents: { agentAliasArns: [arn('agent-alias/ABCDEFGHIJ/KLMNOPQRST')] } }),
  },
  {
    what: "`allowInlineAgents`, `inlineAgentNames: ['guide']`",
    permissions: () => ({ allowInlineAgents: true, inlineAgentNames: ['guide'] }),
  },
  {
    what: '`allowFineTuning`',
    permissions: (folder, role) => ({
      allowFineTuning: true,
      fineTuning: {
        baseModels: ['amazon.nova-lite-v1:0:300k'],
        trainingData: folder('training/'),
        output: folder('tuned/'),
        customizationRole: role,
      },
    }),
  },
  {
    what: '`allowBatchInference`',
    permissions: (folder, role) => ({
      allowBatchInference: true,
      batchInference: { models: ['amazon.nova-lite-v1:0'], input: folder('prompts/'), output: folder('answers/'), serviceRole: role },
    }),
  },
  {
    what: '`allowAsyncInvoke`',
    permissions: folder => ({ allowAsyncInvoke: true, asyncInvoke: { models: ['luma.ray-v2:0'], output: folder('videos/') } }),
  },
  { what: '`allowOpenAiEndpoint`', permissions: () => ({ allowOpenAiEndpoint: true }) },
  {
    what: '`allowOpenAiEndpoint`, `openAiEndpoint: { allowBearerToken: true }`',
    permissions: () => ({ allowOpenAiEndpoint: true, openAiEndpoint: { allowBearerToken: true } }),
  },
];

/** The tables of the documentation: what is named, and the statements that it becomes in a stack in us-east-1. */
export function grantedTables(): string {
  const plain = new Set(rows({ what: '', permissions: models(NOVA) }));
  return [
    ...table('What you name in `allowedModels`', MODELS, row => !row.includes('`ListFoundationModels`')),
    '',
    'Every role may also call `ListFoundationModels`, which AWS defines without resources. ' +
      `The flags below are shown for a role that may invoke \`${NOVA}\`.`,
    '',
    ...table('What you set', FLAGS, row => !plain.has(row)),
  ].join('\n');
}

function table(title: string, named: Named[], isShown: (row: string) => boolean): string[] {
  return [
    `| ${title} | Actions | On | Only if |`,
    '| --- | --- | --- | --- |',
    ...named.flatMap(entry => rows(entry).filter(isShown).map((row, index) => `| ${index === 0 ? entry.what : ''} | ${row} |`)),
  ];
}

/** The statements as cells. */
function rows({ permissions }: Named): string[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'data');
  const jobs = Role.fromRoleArn(stack, 'Jobs', `arn:aws:iam::${ACCOUNT}:role/jobs`);
  const role = new BedrockTaskRole(stack, 'Role', { allowedModels: [NOVA], ...permissions(prefix => ({ bucket, prefix }), jobs) });
  return rolePolicies(role).flatMap(({ Statement }) => deployed(Statement, { 'AWS::Partition': 'aws' }) as StatementJson[]).map(cells);
}

/** How the operators of conditions are read. */
const OPERATORS: Record<string, string> = {
  StringEquals: 'is', StringLike: 'is', StringEqualsIfExists: 'is, if it is there,', StringNotEquals: 'is not',
};

function cells({ Effect, Action, Resource, Condition }: StatementJson): string {
  const denied = Effect === 'Deny' ? '**denied:** ' : '';
  const actions = [Action].flat().map(action => denied + code(action.replace(/^bedrock:/, '')));
  const conditions = Object.entries(Condition ?? {}).flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) =>
    `${code(key)} ${OPERATORS[operator]} ${[value].flat().map(item => code(short(item))).join(' or ')}`));
  return [actions, [Resource].flat().map(resource => code(short(resource))), conditions].map(list => list.join('<br>')).join(' | ');
}

const code = (text: string): string => `\`${text}\``;

/** Without what is the same everywhere. */
function short(resource: string): string {
  return resource
    .replace(/^arn:aws:(bedrock|s3|iam|sagemaker|bedrock-mantle):/, (_match, service: string) =>
      service === 'bedrock' ? '' : `${service}:`,
    )
    .replace(ACCOUNT, '<account>');
}
