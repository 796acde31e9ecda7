import { Function } from 'aws-cdk-lib/aws-lambda';
import { teachingError } from '../../standards/teaching-error';
import { BedrockServiceTier } from '../abilities/service-tier';
import { BedrockTaskRole } from '../role/bedrock-task-role';

/** The service tier of each task type that has one. */
export type ServiceTiers = Readonly<Record<string, BedrockServiceTier>>;

/** Refuses tiers that the role of a function may not name: Bedrock would deny every request of the task type. */
export function requireAllowedTiers(fn: Function, tiers: ServiceTiers): void {
  if (!fn.role || !BedrockTaskRole.isBedrockTaskRole(fn.role)) return;
  const { serviceTiers: allowed } = fn.role as BedrockTaskRole;
  const [denied] = allowed ? Object.entries(tiers).filter(([, tier]) => !allowed.includes(tier)) : [];
  if (!denied) return;
  throw teachingError(fn, {
    problem: `The client policy serves ${denied[0]} in the tier ${denied[1]}, which the function's role may not name`,
    given: { serviceTiers: tiers },
    allowed: `the serviceTiers of ${fn.role.node.path}: ${allowed!.join(', ')}`,
    fix: `add BedrockServiceTier.${denied[1].toUpperCase()} to serviceTiers of the role, or give the function a policy of its own`,
  });
}
