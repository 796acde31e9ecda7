import { BedrockGuardrail, guardrailIdentifier, Guardrails } from './guardrail';
import { BEDROCK_ROLE, GUARDRAILS } from '../../contract/data';
import { oneOrMany, PolicyGrant } from '../models/policy-grant';

const { denyUnguarded, denyUnguardable } = BEDROCK_ROLE.statements;
const EVERYTHING: readonly string[] = ['*'];

/**
 * What a role with a guardrail is denied: every invocation that does not name it, and running models in a way in which IAM
 * cannot see a guardrail. Whatever is granted to the role elsewhere, the guardrail stays.
 *
 * `StringNotEquals` is true of a request without the key, so a request that names no guardrail is denied too.
 */
export function guardrailDenials({ guardrail, guardrailInFallbackRegion }: Guardrails, resources = EVERYTHING): PolicyGrant[] {
  const guardrails = [guardrail, guardrailInFallbackRegion].filter((given): given is BedrockGuardrail => given !== undefined);
  if (guardrails.length === 0) return [];
  const identifiers = oneOrMany(guardrails.map(guardrailIdentifier));
  return [
    { ...denyUnguarded, effect: 'Deny', resources, conditions: { StringNotEquals: { [GUARDRAILS.conditionKey]: identifiers } } },
    { ...denyUnguardable, effect: 'Deny', resources },
  ];
}

/** The same for the models of these grants alone: a role that exists already may have other models without a guardrail. */
export function guardrailDenialsOf(grants: readonly PolicyGrant[], guardrails: Guardrails): PolicyGrant[] {
  const guarded = grants.filter(({ conditions }) => conditions?.StringEquals?.[GUARDRAILS.conditionKey] !== undefined);
  return guardrailDenials(guardrails, [...new Set(guarded.flatMap(({ resources }) => resources))]);
}
