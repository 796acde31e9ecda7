import { foundationModel, guardrailOf, guardrailProfiles, guardrailsInForce, ORGANISATION, own, partitionOf } from './arns';
import { ACCOUNT } from './simulation';

export { foundationModel, GUARDRAIL_PROFILE, guardrailOf, guardrailsInForce, own, partitionOf } from './arns';

/** What a request must be to be allowed: one of the actions, exactly this resource, and these values in its context. */
export interface Permit {
  readonly actions: readonly string[];
  readonly resource: string;
  /** Whether what follows the last slash of the resource was unknown when the policy was written. */
  readonly openEnded?: boolean;
  readonly context?: Record<string, string | readonly string[]>;
  /** What a request may lack, and must not say otherwise. */
  readonly unlessOther?: Record<string, string | readonly string[]>;
}

/** Who the role of the tests is: the role "Role" of the stack "Stack". */
const OWNER = 'Stack/Role';
/** A request that makes something says that it is the role's own, and so does what was made. */
const MAKES_OWN = { 'aws:RequestTag/plumbline:owner': OWNER };
const IS_OWN = { 'aws:ResourceTag/plumbline:owner': OWNER };

export const JOB_ROLE = `arn:aws:iam::${ACCOUNT}:role/jobs`;

/** One role's permissions, in the words of the table. */
export interface Combination {
  readonly region: string;
  readonly models: readonly NamedModel[];
  readonly crossRegion: boolean;
  readonly guardrail: boolean;
  /** Whether the organisation enforces a guardrail in each Region of requests. */
  readonly enforced: boolean;
  readonly inlineAgents: 'none' | 'any' | 'named';
  readonly fineTuning: boolean;
  readonly batch: boolean;
  readonly asyncInvoke: boolean;
  readonly openAi: 'none' | 'default project' | 'project and token';
  readonly tiers: boolean;
  readonly countTokens: boolean;
  readonly rerank: boolean;
  readonly knowledgeBases: 'none' | 'retrieve' | 'generate';
  readonly agents: boolean;
}

export type Form = 'model' | 'embedding model' | 'profile' | 'embedding profile' | 'global profile' | 'application profile of a model'
  | 'application profile of a profile' | 'other ARN' | 'marketplace endpoint' | 'prompt';

export interface NamedModel {
  readonly form: Form;
  /** The id, or the resource part of the ARN. */
  readonly id: string;
}

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const EMBED = ['bedrock:InvokeModel'];
export const FALLBACK = 'us-west-2';

/** Where the profiles of a geography route to, as the user guide has it. */
const DESTINATIONS: Record<string, string[]> = {
  'us': ['us-east-1', 'us-east-2', 'us-west-2'],
  'eu': ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'],
  'jp': ['ap-northeast-1', 'ap-northeast-3'],
  'au': ['ap-southeast-2', 'ap-southeast-4'],
  'us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** How the model is written in `allowedModels` of a stack in the Region. */
export function nameOf({ form, id }: NamedModel, region: string): string {
  switch (form) {
    case 'application profile of a model':
    case 'application profile of a profile':
    case 'other ARN':
    case 'prompt':
      return own(region, id);
    case 'marketplace endpoint':
      return own(region, id, 'sagemaker');
    default:
      return id;
  }
}

/** What an application profile of the tests was made of. */
export const APPLICATION_MODEL = 'amazon.nova-pro-v1:0';
export const APPLICATION_PROFILE = 'us.amazon.nova-lite-v1:0';

/** The table "what you name → what is granted", once more and by hand. */
export function permitsOf(combination: Combination): Permit[] {
  const { region, models } = combination;
  const sources = combination.crossRegion ? [...new Set([region, FALLBACK])] : [region];
  const invocations = sources.flatMap((source, index) =>
    models.flatMap(model => modelPermits(model, region, source, index === 0)).map(permit => guarded(permit, source, combination)));
  return [
    ...invocations,
    ...models.filter(({ form }) => form === 'prompt').map(({ id }) => ({ actions: ['bedrock:RenderPrompt'], resource: own(region, id) })),
    ...models.filter(({ form }) => form === 'marketplace endpoint').map(({ id }) => ({
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resource: own(region, id, 'sagemaker'),
      context: { 'aws:CalledViaLast': 'bedrock.amazonaws.com' },
    })),
    ...featurePermits(combination, sources),
    ...askingPermits(combination, sources),
    ...combination.enforced ? sources.flatMap(enforcedPermits) : [],
    { actions: ['bedrock:ListFoundationModels'], resource: '*' },
    // AWS allows it to everyone.
    { actions: ['sts:GetCallerIdentity'], resource: '*' },
  ];
}

/** The profile of the organisation's guardrail stands in the organisation's account. */
function enforcedPermits(source: string): Permit[] {
  const profiles = guardrailProfiles(source).map(arn => arn.replace(ACCOUNT, ORGANISATION));
  return [...guardrailsInForce(source), ...profiles].map(resource => ({ actions: ['bedrock:ApplyGuardrail'], resource }));
}

/** What requests made in one Region may name. ARNs are of the stack's own Region. */
function modelPermits({ form, id }: NamedModel, region: string, source: string, isOwn: boolean): Permit[] {
  switch (form) {
    case 'model': return [{ actions: INVOKE, resource: foundationModel(source, id) }];
    case 'embedding model': return [{ actions: EMBED, resource: foundationModel(source, id) }];
    case 'profile': return throughProfile(INVOKE, own(source, `inference-profile/${id}`), id, source);
    case 'embedding profile': return throughProfile(EMBED, own(source, `inference-profile/${id}`), id, source);
    case 'global profile': return worldwide(own(source, `inference-profile/${id}`), id.slice('global.'.length), source);
    default: return isOwn ? permitsOfArn({ form, id }, region) : [];
  }
}

function permitsOfArn({ form, id }: NamedModel, region: string): Permit[] {
  switch (form) {
    case 'application profile of a model': return [
      { actions: INVOKE, resource: own(region, id) },
      {
        actions: INVOKE,
        resource: foundationModel(region, APPLICATION_MODEL),
        context: { 'bedrock:InferenceProfileArn': own(region, id) },
      },
    ];
    case 'application profile of a profile': return throughProfile(INVOKE, own(region, id), APPLICATION_PROFILE, region);
    case 'other ARN': return [{ actions: INVOKE, resource: own(region, id) }];
    case 'marketplace endpoint': return [{ actions: INVOKE, resource: own(region, 'marketplace/model-endpoint/all-access') }];
    default: return [];
  }
}

function throughProfile(actions: string[], profile: string, id: string, source: string): Permit[] {
  const [, geography, model] = /^([a-z-]+)\.(.+)$/.exec(id)!;
  return [
    { actions, resource: profile },
    ...[...new Set([source, ...DESTINATIONS[geography]])].map(region =>
      ({ actions, resource: foundationModel(region, model), context: { 'bedrock:InferenceProfileArn': profile } })),
  ];
}

function worldwide(profile: string, model: string, source: string): Permit[] {
  const context = { 'bedrock:InferenceProfileArn': profile };
  return [
    { actions: INVOKE, resource: profile },
    { actions: INVOKE, resource: foundationModel(source, model), context },
    {
      actions: INVOKE,
      resource: `arn:aws:bedrock:::foundation-model/${model}`,
      context: { ...context, 'aws:RequestedRegion': 'unspecified' },
    },
  ];
}

/** The tiers that a request may name beside none, and what it may not. */
export const TIERS = ['flex', 'default'];

/** A request names a guardrail of the Region it is made in. */
function guarded(permit: Permit, source: string, { guardrail, tiers }: Combination): Permit {
  return {
    ...permit,
    ...guardrail && { context: { ...permit.context, 'bedrock:GuardrailIdentifier': `${guardrailOf(source)}:3` } },
    ...tiers && { unlessOther: { 'bedrock:ServiceTier': TIERS } },
  };
}

export const RERANKER = 'cohere.rerank-v3-5:0';
export const KNOWLEDGE_BASES = ['knowledge-base/KBKBKBKBKB', 'knowledge-base/KB12345678'];
export const AGENT = 'agent-alias/AGENTAGENT/ALIASALIAS';

/** The models whose tokens can be counted, in each Region where requests are made; an ARN is of the stack's own. */
function countedModels({ region, models }: Combination, sources: string[]): string[] {
  return models.flatMap(({ form, id }) => {
    switch (form) {
      case 'model': return sources.map(source => foundationModel(source, id));
      case 'profile':
      case 'global profile': return sources.map(source => foundationModel(source, id.slice(id.indexOf('.') + 1)));
      case 'application profile of a model': return [foundationModel(region, APPLICATION_MODEL)];
      case 'application profile of a profile': return [foundationModel(region, APPLICATION_PROFILE.slice('us.'.length))];
      default: return [];
    }
  });
}

function askingPermits(combination: Combination, sources: string[]): Permit[] {
  const { region, countTokens, rerank, knowledgeBases, agents } = combination;
  return [
    ...(countTokens ? countedModels(combination, sources).map(resource => ({ actions: ['bedrock:CountTokens'], resource })) : []),
    ...(rerank ? [
      { actions: ['bedrock:Rerank'], resource: '*' },
      ...sources.map(source => ({ actions: ['bedrock:InvokeModel'], resource: foundationModel(source, RERANKER) })),
    ] : []),
    ...(knowledgeBases === 'none' ? [] : KNOWLEDGE_BASES.map(id => ({ actions: ['bedrock:Retrieve'], resource: own(region, id) }))),
    ...(knowledgeBases === 'generate' ? [{ actions: ['bedrock:RetrieveAndGenerate'], resource: '*' }] : []),
    ...(agents ? [{ actions: ['bedrock:InvokeAgent'], resource: own(region, AGENT) }] : []),
  ];
}

function featurePermits(combination: Combination, sources: string[]): Permit[] {
  const { region, guardrail, inlineAgents, fineTuning, batch, asyncInvoke, openAi } = combination;
  const pass = { actions: ['iam:PassRole'], resource: JOB_ROLE, context: { 'iam:PassedToService': 'bedrock.amazonaws.com' } };
  const bucket = `arn:${partitionOf(region)}:s3:::data`;
  const folder = (name: string, actions: string[]): Permit => ({ actions, resource: `${bucket}/${name}/object`, openEnded: true });
  const list = (name: string): Permit => ({ actions: ['s3:ListBucket'], resource: bucket, context: { 's3:prefix': `${name}/` } });
  return [
    ...(guardrail
      ? sources
        .flatMap(source => [guardrailOf(source), ...guardrailProfiles(source)])
        .map(resource => ({ actions: ['bedrock:ApplyGuardrail'], resource }))
      : []),
    ...(inlineAgents === 'any' ? [{ actions: ['bedrock:InvokeInlineAgent'], resource: '*' }] : []),
    ...(inlineAgents === 'named'
      ? [{ actions: ['bedrock:InvokeInlineAgent'], resource: '*', context: { 'bedrock:InlineAgentName': ['helper', 'guide'] } }]
      : []),
    ...(fineTuning
      ? [
        {
          actions: ['bedrock:CreateModelCustomizationJob'],
          resource: foundationModel(region, 'amazon.nova-micro-v1:0:128k'),
          context: MAKES_OWN,
        },
        {
          actions: ['bedrock:CreateModelCustomizationJob'],
          resource: own(region, 'custom-model/amazon.nova-micro-v1:0:128k/abcdefghijkl'),
          openEnded: true,
          context: MAKES_OWN,
        },
        ...['custom-model', 'model-customization-job'].map(type => tags(own(region, `${type}/amazon.nova-micro-v1:0:128k/abcdefghijkl`))),
        {
          actions: ['bedrock:GetModelCustomizationJob', 'bedrock:StopModelCustomizationJob'],
          resource: own(region, 'model-customization-job/amazon.nova-micro-v1:0:128k/abcdefghijkl'),
          openEnded: true,
          context: IS_OWN,
        },
        pass,
        folder('training', ['s3:GetObject']),
        list('training'),
        folder('tuned', ['s3:GetObject']),
        list('tuned'),
      ]
      : []),
    ...(batch
      ? [
        { actions: ['bedrock:CreateModelInvocationJob'], resource: foundationModel(region, 'amazon.nova-lite-v1:0'), context: MAKES_OWN },
        {
          actions: ['bedrock:CreateModelInvocationJob'],
          resource: own(region, 'model-invocation-job/abcdefghijkl'),
          openEnded: true,
          context: MAKES_OWN,
        },
        tags(own(region, 'model-invocation-job/abcdefghijkl')),
        {
          actions: ['bedrock:GetModelInvocationJob', 'bedrock:StopModelInvocationJob'],
          resource: own(region, 'model-invocation-job/abcdefghijkl'),
          openEnded: true,
          context: IS_OWN,
        },
        pass,
        folder('prompts', ['s3:PutObject']),
        folder('answers', ['s3:GetObject']),
        list('answers'),
      ]
      : []),
    ...(asyncInvoke
      ? [
        { actions: ['bedrock:InvokeModel'], resource: foundationModel(region, 'amazon.nova-reel-v1:0'), context: MAKES_OWN },
        { actions: ['bedrock:InvokeModel'], resource: own(region, 'async-invoke/abcdefghijkl'), openEnded: true, context: MAKES_OWN },
        tags(own(region, 'async-invoke/abcdefghijkl')),
        { actions: ['bedrock:GetAsyncInvoke'], resource: own(region, 'async-invoke/abcdefghijkl'), openEnded: true, context: IS_OWN },
        folder('videos', ['s3:GetObject', 's3:PutObject']),
        list('videos'),
      ]
      : []),
    ...(openAi === 'none'
      ? []
      : sources.map(source => ({
        actions: ['bedrock-mantle:CreateInference'],
        resource: own(source, `project/${openAi === 'default project' ? 'default' : 'proj_abc'}`, 'bedrock-mantle'),
      }))),
    ...(openAi === 'project and token' ? [{ actions: ['bedrock-mantle:CallWithBearerToken'], resource: '*' }] : []),
  ];
}

/** Making something with a tag asks for this too; what carries another owner's name keeps it. */
function tags(resource: string): Permit {
  return { actions: ['bedrock:TagResource'], resource, openEnded: true, context: MAKES_OWN, unlessOther: IS_OWN };
}
