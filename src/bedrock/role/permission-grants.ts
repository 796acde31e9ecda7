import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { abilityGrants } from './ability-grants';
import { BedrockPermissions } from './bedrock-permissions';
import { modelsOf } from './environment-models';
import { newGrants } from './grant-ledger';
import { BEDROCK_ROLE, CLIENT_POLICY } from '../../contract/data';
import { ModelLocation, ModelReference, tryModelReference } from '../../contract/model-reference';
import { partitionOf } from '../../contract/regions';
import { Standards } from '../../standards/standards';
import { synthDay } from '../../standards/synth-day';
import { TeachingErrors } from '../../standards/teaching-error';
import { Warning } from '../../standards/warnings';
import { countTokensGrant } from '../abilities/count-tokens';
import { BedrockGuardrail, guardrailConditions, guardrailGrants, requireGuardrails } from '../abilities/guardrail';
import { guardrailsInForceGrants } from '../abilities/guardrails-in-force';
import { requireServiceTiers, serviceTierConditions } from '../abilities/service-tiers';
import { requireModels } from '../models/allowed-models';
import { InvokeContext, invokeGrants } from '../models/invoke-grants';
import { requireLivingModels } from '../models/model-age';
import { differs, locationOf } from '../models/model-location';
import { tryModelsFile, warnOfOldModels } from '../models/models-file';
import { PolicyGrant } from '../models/policy-grant';
import { findUnknownModels } from '../models/unknown-models';

/** Permissions as exact statements. */
export interface PermissionGrants {
  /** The models of the environment, as they were named. */
  readonly models: string[];
  readonly grants: PolicyGrant[];
  /** What is worth knowing of the models. */
  readonly warnings: Warning[];
}

/** Whose permissions they are. */
export interface PermissionHolder {
  /** The name of the role as the owner of its jobs, where the permissions name no other. */
  readonly ownerName: string;
  readonly fault: TeachingErrors;
  /**
   * The holder's account, where it is not the stack's.
   *
   * @default - the stack's
   */
  readonly account?: string;
}

/** Turns permissions into statements; what cannot be granted exactly is an error. */
export function requirePermissionGrants(
  scope: IConstruct, permissions: BedrockPermissions, { ownerName, fault, account }: PermissionHolder,
): PermissionGrants {
  const home = locationOf(Stack.of(scope));
  const own = { ...home, account: account ?? home.account };
  const sources = permissions.allowCrossRegion ? requireFallback(own, fault) : [own];
  const { environment, isProduction = false, enforcedGuardrails = [] } = Standards.tryOf(scope) ?? {};
  const modelsFile = tryModelsFile(scope);
  const models = modelsOf(environment, permissions, fault, modelsFile);
  const { inferenceProfiles: routing = [], allowEmbeddings = false } = permissions;
  const references = requireModels(
    models, { sources, routing, modelsFile, allowEmbeddings, isGuarded: permissions.guardrail !== undefined }, fault,
  );
  const { jobOwner = ownerName } = permissions;
  const context = { sources, environment, isProduction, jobOwner, fault };
  requireGuardrails(permissions, context);
  requireServiceTiers(permissions.serviceTiers, fault);
  const everyModel = [...references, ...modelsOfFlags(permissions)];
  const ages = { sources, routing, modelsFile, day: synthDay(scope), kept: permissions.keepAfterEndOfLife ?? [] };
  warnOfOldModels(scope, modelsFile, sources.map(({ region }) => region), ages.day);
  return {
    models,
    warnings: [...requireLivingModels(everyModel, ages, fault), ...findUnknownModels(everyModel, ages)],
    grants: newGrants(scope, [
      ...invocationGrants(references, permissions, { sources, routing, modelsFile }),
      ...guardrailGrants(permissions, sources),
      ...guardrailsInForceGrants(enforcedGuardrails, context),
      ...permissions.allowCountTokens ? [countTokensGrant(references, routing, context)] : [],
      ...abilityGrants(permissions, context),
      { ...BEDROCK_ROLE.statements.healthCheck, resources: ['*'] },
    ]),
  };
}

/** The models that the flags name, as far as their names tell what they are. */
function modelsOfFlags({ batchInference, asyncInvoke, fineTuning, rerank }: BedrockPermissions): ModelReference[] {
  return [batchInference?.models, asyncInvoke?.models, fineTuning?.baseModels, rerank?.models]
    .flatMap(names => names ?? [])
    .flatMap(name => tryModelReference(name, Token.isUnresolved) ?? []);
}

/** Every invocation, bound to the guardrail of the Region that it is made in, and to the service tiers. */
function invocationGrants(
  models: readonly ModelReference[],
  { guardrail, guardrailInFallbackRegion, serviceTiers }: BedrockPermissions,
  context: InvokeContext,
): PolicyGrant[] {
  const tiers = serviceTierConditions(serviceTiers);
  const conditionsOf = (given?: BedrockGuardrail) => ({ ...tiers, ...given && guardrailConditions(given) });
  const conditions = conditionsOf(guardrail);
  if (!guardrailInFallbackRegion) return invokeGrants(models, { ...context, conditions });
  const [own, fallback] = context.sources;
  const elsewhere = models.filter(({ location }) => location?.region !== fallback.region);
  const inFallbackRegion = models.filter(({ location }) => (location?.region ?? fallback.region) === fallback.region);
  return [
    ...invokeGrants(elsewhere, { ...context, sources: [own], conditions }),
    ...invokeGrants(inFallbackRegion, { ...context, sources: [fallback], conditions: conditionsOf(guardrailInFallbackRegion) }),
  ];
}

/** The stack's own Region, and the one that the client falls back to. */
function requireFallback(own: ModelLocation, fault: TeachingErrors): ModelLocation[] {
  const { fallback } = CLIENT_POLICY.regions;
  if (own.region === fallback) return [own];
  const partition = partitionOf(fallback).name;
  if (differs(partition, own.partition)) {
    throw fault({
      problem: `the fallback Region ${fallback} is in another partition than the stack`,
      given: own.region,
      allowed: `allowCrossRegion in Regions of the partition ${partition}`,
      fix: 'set allowCrossRegion to false',
    });
  }
  return [own, { partition: Token.isUnresolved(own.partition) ? own.partition : partition, region: fallback, account: own.account }];
}
