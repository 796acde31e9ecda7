import { BedrockPermissions } from './bedrock-permissions';
import { AbilityContext } from '../abilities/ability';
import { agentGrants, requireAgents } from '../abilities/agents';
import { asyncInvokeGrants, requireAsyncInvoke } from '../abilities/async-invoke';
import { batchInferenceGrants, requireBatchInference } from '../abilities/batch-inference';
import { fineTuningGrants, requireFineTuning } from '../abilities/fine-tuning';
import { inlineAgentGrants, requireInlineAgents } from '../abilities/inline-agents';
import { requireJobOwner } from '../abilities/job-owner';
import { knowledgeBaseGrants, requireKnowledgeBases } from '../abilities/knowledge-bases';
import { openAiEndpointGrants, requireOpenAiEndpoint } from '../abilities/open-ai-endpoint';
import { requireRerank, rerankGrants } from '../abilities/rerank';
import { PolicyGrant } from '../models/policy-grant';

/** The props that say what a flag is for. */
type DetailsProp = 'inlineAgentNames' | 'agents' | 'knowledgeBases' | 'rerank' | 'fineTuning' | 'batchInference' | 'asyncInvoke'
  | 'openAiEndpoint';

/** What a flag adds to a role. */
interface Ability<Details> {
  readonly flag: Extract<keyof BedrockPermissions, `allow${string}`>;
  /** Whether the flag says nothing without its details. */
  readonly needsDetails: boolean;
  /** Whether IAM can bind what the flag allows to a guardrail. */
  readonly canBeGuarded: boolean;
  readonly requireDetails: (details: Details, context: AbilityContext) => void;
  readonly grants: (details: Details, context: AbilityContext) => PolicyGrant[];
}

const ABILITIES: { readonly [Prop in DetailsProp]: Ability<NonNullable<BedrockPermissions[Prop]>> } = {
  inlineAgentNames: {
    flag: 'allowInlineAgents',
    needsDetails: false,
    canBeGuarded: true,
    requireDetails: requireInlineAgents,
    grants: inlineAgentGrants,
  },
  agents: {
    flag: 'allowAgents',
    needsDetails: true,
    canBeGuarded: false,
    requireDetails: requireAgents,
    grants: agentGrants,
  },
  knowledgeBases: {
    flag: 'allowKnowledgeBases',
    needsDetails: true,
    canBeGuarded: true,
    requireDetails: requireKnowledgeBases,
    grants: knowledgeBaseGrants,
  },
  rerank: {
    flag: 'allowRerank',
    needsDetails: true,
    canBeGuarded: false,
    requireDetails: requireRerank,
    grants: rerankGrants,
  },
  fineTuning: {
    flag: 'allowFineTuning',
    needsDetails: true,
    canBeGuarded: true,
    requireDetails: requireFineTuning,
    grants: fineTuningGrants,
  },
  batchInference: {
    flag: 'allowBatchInference',
    needsDetails: true,
    canBeGuarded: false,
    requireDetails: requireBatchInference,
    grants: batchInferenceGrants,
  },
  asyncInvoke: {
    flag: 'allowAsyncInvoke',
    needsDetails: true,
    canBeGuarded: false,
    requireDetails: requireAsyncInvoke,
    grants: asyncInvokeGrants,
  },
  openAiEndpoint: {
    flag: 'allowOpenAiEndpoint',
    needsDetails: false,
    canBeGuarded: false,
    requireDetails: requireOpenAiEndpoint,
    grants: openAiEndpointGrants,
  },
};

/** What the flags add. A flag that needs details goes with them, and details never stand without their flag. */
export function abilityGrants(permissions: BedrockPermissions, context: AbilityContext): PolicyGrant[] {
  requireJobOwner(permissions, context.fault);
  return (Object.keys(ABILITIES) as DetailsProp[]).flatMap(prop => grantsOf(prop, permissions, context));
}

function grantsOf<Prop extends DetailsProp>(prop: Prop, permissions: BedrockPermissions, context: AbilityContext): PolicyGrant[] {
  const { flag, needsDetails, canBeGuarded, requireDetails, grants } = ABILITIES[prop];
  const { [flag]: isOn = false, [prop]: details, guardrail } = permissions;
  const { fault } = context;
  if (!isOn) {
    if (details === undefined) return [];
    throw fault({
      problem: `${prop} is given, and ${flag} is not set`,
      given: { [flag]: isOn },
      allowed: `${prop} together with ${flag}: true`,
      fix: `set ${flag}: true, or remove ${prop}`,
    });
  }
  if (needsDetails && details === undefined) {
    throw fault({
      problem: `${flag} is set, and ${prop} does not say what for`,
      given: { [flag]: isOn },
      allowed: `${flag}: true together with ${prop}`,
      fix: `add ${prop}, or remove ${flag}`,
    });
  }
  if (guardrail && !canBeGuarded) {
    throw fault({
      problem: `guardrail binds every invocation, and what ${flag} allows cannot be bound`,
      given: { [flag]: isOn },
      allowed: 'one of the two in a role',
      fix: 'give that work a role of its own',
    });
  }
  requireDetails(details!, context);
  return grants(details!, context);
}
