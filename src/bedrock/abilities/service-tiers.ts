import { BedrockServiceTier } from './service-tier';
import { BEDROCK_ROLE } from '../../contract/data';
import { TeachingErrors } from '../../standards/teaching-error';
import { GrantConditions } from '../models/policy-grant';

/** Refuses an empty list, which would stand for nothing. */
export function requireServiceTiers(tiers: readonly BedrockServiceTier[] | undefined, fault: TeachingErrors): void {
  if (tiers?.length !== 0) return;
  throw fault({
    problem: 'serviceTiers names no tier',
    given: tiers,
    allowed: 'at least one tier; without serviceTiers, any',
    fix: 'name BedrockServiceTier.DEFAULT for requests of the default tier only, or leave serviceTiers out',
  });
}

/** A request that names no tier carries no such key, and is served in the default tier. */
export function serviceTierConditions(tiers: readonly BedrockServiceTier[] | undefined): GrantConditions {
  return tiers ? { StringEqualsIfExists: { [BEDROCK_ROLE.serviceTierKey.name]: [...tiers] } } : {};
}
