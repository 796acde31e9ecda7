import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { asyncInvokeGrants, checkAsyncInvoke } from '../abilities/async-invoke';
import { batchInferenceGrants, checkBatchInference } from '../abilities/batch-inference';
import { BedrockPermissions } from './bedrock-permissions';
import { effectiveModels } from './environment-models';
import { checkFineTuning, fineTuningGrants } from '../abilities/fine-tuning';
import { newGrants } from './grant-ledger';
import { checkGuardrail, checkGuardrailRegion, guardrailConditions, guardrailGrant } from '../abilities/guardrail-binding';
import { checkInlineAgents, inlineAgentGrant } from '../abilities/inline-agents';
import { invokeGrants } from '../models/invoke-grants';
import { checkedModels, Reject } from '../models/model-checks';
import { ModelLocation } from '../../contract/model-reference';
import { differs, locationOf } from '../models/model-location';
import { checkOpenAiEndpoint, openAiEndpointGrants } from '../abilities/open-ai-endpoint';
import { PolicyGrant } from './policy-grant';
import { partitionOf } from '../../contract/regions';
import { BEDROCK_ROLE, CLIENT_POLICY } from '../../contract/data';
import { Standards } from '../../standards/standards';

/** Permissions as exact statements. */
export interface PermissionGrants {
  /** The models of the environment, as they were named. */
  readonly models: string[];
  readonly grants: PolicyGrant[];
}

/** Turns permissions into statements, or rejects them with an error that teaches. */
export function permissionGrants(scope: IConstruct, permissions: BedrockPermissions, reject: Reject): PermissionGrants {
  const own = locationOf(Stack.of(scope));
  const sources = permissions.allowCrossRegion ? withFallback(own, reject) : [own];
  const models = effectiveModels(scope, permissions, reject);
  const routing = permissions.inferenceProfiles ?? [];
  const references = checkedModels(models, { sources, routing, allowEmbeddings: permissions.allowEmbeddings ?? false }, reject);
  if (permissions.guardrail) {
    checkGuardrail(permissions.guardrail, reject);
    checkGuardrailRegion(permissions.guardrail, sources, reject);
    checkNothingUnguarded(permissions, reject);
  }
  const conditions = permissions.guardrail && guardrailConditions(permissions.guardrail);
  return {
    models,
    grants: newGrants(scope, [
      ...invokeGrants(references, { sources, routing, conditions }),
      ...permissions.guardrail ? [guardrailGrant(permissions.guardrail, own)] : [],
      ...featureGrants(scope, permissions, sources, reject),
      { ...BEDROCK_ROLE.statements.healthCheck, resources: ['*'] },
    ]),
  };
}

/** What the flags add. Every flag that needs details goes with them, and details never stand without their flag. */
function featureGrants(scope: IConstruct, permissions: BedrockPermissions, sources: readonly ModelLocation[], reject: Reject): PolicyGrant[] {
  const grants: PolicyGrant[] = [];
  const [own] = sources;
  const { inlineAgentNames, fineTuning, batchInference, asyncInvoke, openAiEndpoint } = permissions;

  if (enabled('allowInlineAgents', permissions.allowInlineAgents, 'inlineAgentNames', inlineAgentNames, reject)) {
    checkInlineAgents(inlineAgentNames, reject);
    grants.push(inlineAgentGrant(inlineAgentNames));
  }
  if (enabled('allowFineTuning', permissions.allowFineTuning, 'fineTuning', fineTuning, reject)) {
    const details = required('allowFineTuning', 'fineTuning', fineTuning, reject);
    checkFineTuning(details, Standards.tryOf(scope)?.environment, reject);
    grants.push(...fineTuningGrants(details, own));
  }
  if (enabled('allowBatchInference', permissions.allowBatchInference, 'batchInference', batchInference, reject)) {
    const details = required('allowBatchInference', 'batchInference', batchInference, reject);
    checkBatchInference(details, reject);
    grants.push(...batchInferenceGrants(details, own));
  }
  if (enabled('allowAsyncInvoke', permissions.allowAsyncInvoke, 'asyncInvoke', asyncInvoke, reject)) {
    const details = required('allowAsyncInvoke', 'asyncInvoke', asyncInvoke, reject);
    checkAsyncInvoke(details, reject);
    grants.push(...asyncInvokeGrants(details, own));
  }
  if (enabled('allowOpenAiEndpoint', permissions.allowOpenAiEndpoint, 'openAiEndpoint', openAiEndpoint, reject)) {
    checkOpenAiEndpoint(openAiEndpoint ?? {}, reject);
    grants.push(...openAiEndpointGrants(openAiEndpoint ?? {}, sources));
  }
  return grants;
}

/** Batches, asynchronous invocations and the OpenAI-compatible endpoint cannot be bound to a guardrail by IAM. */
function checkNothingUnguarded(permissions: BedrockPermissions, reject: Reject): void {
  const flag = (['allowAsyncInvoke', 'allowBatchInference', 'allowOpenAiEndpoint'] as const).find(name => permissions[name]);
  if (flag) {
    reject(`guardrail binds every invocation, and what ${flag} allows cannot be bound`, { [flag]: true }, 'one of the two in a role', 'give that work a role of its own');
  }
}

function enabled(flag: string, isOn: boolean | undefined, prop: string, details: unknown, reject: Reject): boolean {
  if (!isOn && details !== undefined) {
    reject(`${prop} is given, and ${flag} is not set`, { [flag]: isOn ?? false }, `${prop} together with ${flag}: true`, `set ${flag}: true, or remove ${prop}`);
  }
  return isOn ?? false;
}

function required<T>(flag: string, prop: string, details: T | undefined, reject: Reject): T {
  return details ?? reject(`${flag} is set, and ${prop} does not say what for`, { [flag]: true }, `${flag}: true together with ${prop}`, `add ${prop}, or remove ${flag}`);
}

/** The stack's own Region, and the one that the client falls back to. */
function withFallback(own: ModelLocation, reject: Reject): ModelLocation[] {
  const { fallback } = CLIENT_POLICY.regions;
  if (own.region === fallback) return [own];
  const partition = partitionOf(fallback).name;
  if (differs(partition, own.partition)) {
    reject(`the fallback Region ${fallback} is in another partition than the stack`, own.region, `allowCrossRegion in Regions of the partition ${partition}`, 'set allowCrossRegion to false');
  }
  return [own, { partition: Token.isUnresolved(own.partition) ? own.partition : partition, region: fallback, account: own.account }];
}
