import { NagRuleCompliance } from 'cdk-nag';
import { Check } from './rule';
import { isOneOf } from '../../../contract/iam/model-invocation';
import { ATTACHING_TYPES, attachedPolicies } from '../policies/statements';

/** The check of a rule that forbids AWS managed policies with these names. */
export function forbiddenPolicies(names: readonly string[]): Check {
  return (resource, app) => {
    if (!ATTACHING_TYPES.includes(resource.cfnResourceType)) return NagRuleCompliance.NOT_APPLICABLE;
    const attached = attachedPolicies(resource, app).some(policy => isOneOf(policy, names));
    return attached ? NagRuleCompliance.NON_COMPLIANT : NagRuleCompliance.COMPLIANT;
  };
}
