import { BedrockAgents } from '../abilities/agents';
import { BedrockAsyncInvoke } from '../abilities/async-invoke';
import { BedrockBatchInference } from '../abilities/batch-inference';
import { BedrockFineTuning } from '../abilities/fine-tuning';
import { BedrockGuardrail } from '../abilities/guardrail';
import { BedrockKnowledgeBases } from '../abilities/knowledge-bases';
import { BedrockOpenAiEndpoint } from '../abilities/open-ai-endpoint';
import { BedrockRerank } from '../abilities/rerank';
import { BedrockServiceTier } from '../abilities/service-tier';
import { InferenceProfileRouting } from '../models/inference-profile-routing';

/** What a role may do with Amazon Bedrock. */
export interface BedrockPermissions {
  /**
   * The models that the role may invoke: foundation-model ids such as `amazon.nova-lite-v1:0`,
   * inference-profile ids such as `us.anthropic.claude-haiku-4-5-20251001-v1:0`, and ARNs of models, inference profiles,
   * provisioned throughput, custom model deployments, imported models, Marketplace endpoints and prompts.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
   */
  readonly allowedModels: string[];

  /**
   * Models, as they are named above or in `batchInference`, `asyncInvoke`, `fineTuning` and `rerank`, that the role keeps after
   * their end of life, and without a warning before it: for an account that AWS gives longer.
   *
   * A model past its end of life in the stack's Region is an error that names its successor, a legacy one is the warning
   * `cdk-plumbline:legacyModel`. In a stack without a fixed Region both are warnings. What the account says, in the app's
   * plumbline.models.json, comes before the library's table.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html
   */
  readonly keepAfterEndOfLife?: string[];

  /**
   * Models that only some environments may invoke besides, by the name of the environment.
   *
   * The environment is that of the `Standards` above the role, and must be known at synth.
   *
   * @default - every environment may invoke the same models
   */
  readonly modelsByEnvironment?: { [environment: string]: string[] };

  /**
   * What inference profiles route to: needed for application inference profiles, and to overrule what is known of the others.
   *
   * @default - what the account says, in the app's plumbline.models.json; else the library's table
   */
  readonly inferenceProfiles?: InferenceProfileRouting[];

  /**
   * Whether the models may be invoked in the fallback Region (us-west-2) too, as the client does when the primary Region fails.
   *
   * An ARN stands for itself: name the one of the fallback Region beside it.
   *
   * @default false
   */
  readonly allowCrossRegion?: boolean;

  /**
   * Whether `allowedModels` may name embedding models. They are granted `InvokeModel` only: they do not stream.
   *
   * @default false
   */
  readonly allowEmbeddings?: boolean;

  /**
   * The service tiers that an invocation may name. One that names none is served in the default tier, and always passes.
   *
   * @default - any tier
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html
   */
  readonly serviceTiers?: BedrockServiceTier[];

  /**
   * Whether tokens may be counted for the models, of an inference profile for the model that it routes to.
   *
   * @default false
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html
   */
  readonly allowCountTokens?: boolean;

  /**
   * Whether documents may be reranked, as `rerank` says.
   *
   * @default false
   */
  readonly allowRerank?: boolean;

  /**
   * Which models rerank. Needs `allowRerank`.
   *
   * @default - nothing
   */
  readonly rerank?: BedrockRerank;

  /**
   * Whether knowledge bases may be asked, as `knowledgeBases` says.
   *
   * @default false
   */
  readonly allowKnowledgeBases?: boolean;

  /**
   * Which knowledge bases may be asked. Needs `allowKnowledgeBases`.
   *
   * @default - nothing
   */
  readonly knowledgeBases?: BedrockKnowledgeBases;

  /**
   * Whether agents may be invoked, as `agents` says.
   *
   * @default false
   */
  readonly allowAgents?: boolean;

  /**
   * Which agents may be invoked. Needs `allowAgents`.
   *
   * @default - nothing
   */
  readonly agents?: BedrockAgents;

  /**
   * Whether inline agents may be invoked.
   *
   * @default false
   */
  readonly allowInlineAgents?: boolean;

  /**
   * The only names that inline agents may have.
   *
   * @default - any name
   */
  readonly inlineAgentNames?: string[];

  /**
   * The guardrail that every invocation must name. Without it, Bedrock denies the request.
   *
   * @default - invocations with and without a guardrail
   */
  readonly guardrail?: BedrockGuardrail;

  /**
   * The guardrail that invocations in the fallback Region must name, made there: a guardrail belongs to one Region. Needs
   * `guardrail` and `allowCrossRegion`; each Region's invocations are bound to their own guardrail.
   *
   * @default - none: `guardrail` without `allowCrossRegion`
   */
  readonly guardrailInFallbackRegion?: BedrockGuardrail;

  /**
   * Whether models may be customised, as `fineTuning` says.
   *
   * @default false
   */
  readonly allowFineTuning?: boolean;

  /**
   * What may be customised, with which data. Needs `allowFineTuning`.
   *
   * @default - nothing
   */
  readonly fineTuning?: BedrockFineTuning;

  /**
   * Whether batch inference may be started, as `batchInference` says.
   *
   * @default false
   */
  readonly allowBatchInference?: boolean;

  /**
   * What may run in a batch, on which data. Needs `allowBatchInference`.
   *
   * @default - nothing
   */
  readonly batchInference?: BedrockBatchInference;

  /**
   * Whether models may be invoked asynchronously, as `asyncInvoke` says.
   *
   * @default false
   */
  readonly allowAsyncInvoke?: boolean;

  /**
   * What may be invoked asynchronously, and where the results go. Needs `allowAsyncInvoke`.
   *
   * @default - nothing
   */
  readonly asyncInvoke?: BedrockAsyncInvoke;

  /**
   * Whose jobs and asynchronous invocations the role makes, reads and stops. Bedrock makes up their ids, so they are known by the
   * tag `plumbline:owner`: a request that makes one must carry it with this value (of fine-tuning in `jobTags` and
   * `customModelTags`). Roles that share their jobs name the same owner.
   *
   * @default - the role alone: the value of the tag is the name of its stack and its path, such as `Chat/Role`
   */
  readonly jobOwner?: string;

  /**
   * Whether the OpenAI-compatible endpoint (`bedrock-mantle`) may be used.
   *
   * @default false
   */
  readonly allowOpenAiEndpoint?: boolean;

  /**
   * What may be used of the OpenAI-compatible endpoint. Needs `allowOpenAiEndpoint`.
   *
   * @default - the default project, by signed requests
   */
  readonly openAiEndpoint?: BedrockOpenAiEndpoint;
}
