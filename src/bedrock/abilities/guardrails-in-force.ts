import { AbilityContext } from './ability';
import { requireGuardrailArn } from './guardrail';
import { guardrailProfileArns, requireGuardrailProfile } from './guardrail-profile';
import { BEDROCK_ROLE } from '../../contract/data';
import { ModelLocation } from '../../contract/model-reference';
import { GuardrailInForce } from '../../standards/guardrail-in-force';
import { differs } from '../models/model-location';
import { PolicyGrant } from '../models/policy-grant';

/**
 * Applying what account and organisation enforce where the role makes its requests, each guardrail by its exact ARN, and its profile in
 * the account that owns it.
 */
export function guardrailsInForceGrants(guardrails: readonly GuardrailInForce[], { sources, fault }: AbilityContext): PolicyGrant[] {
  const [own] = sources;
  const resources = guardrails.flatMap(({ guardrailArn, profile }) => {
    requireGuardrailArn('Standards.enforcedGuardrails', guardrailArn, fault);
    const location = locationOf(guardrailArn, own);
    if (sources.every(({ region }) => differs(region, location.region))) return [];
    if (profile) requireGuardrailProfile(profile, location, fault);
    return [guardrailArn, ...profile ? guardrailProfileArns(profile, location) : []];
  });
  return resources.length === 0 ? [] : [{ ...BEDROCK_ROLE.statements.enforcedGuardrails, resources: [...new Set(resources)] }];
}

/** Where a guardrail stands; one whose ARN is a token is one of the app's own Region and account. */
function locationOf(guardrailArn: string, own: ModelLocation): ModelLocation {
  const [, partition, , region, account] = guardrailArn.startsWith('arn:') ? guardrailArn.split(':') : [];
  return { partition: partition ?? own.partition, region: region ?? own.region, account: account ?? own.account };
}
