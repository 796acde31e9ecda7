import { NagRuleCompliance } from 'cdk-nag';
import { isOneOf } from '../../../contract/iam/model-invocation';
import { ATTACHING_TYPES, attachedPolicies } from '../policies/statements';
import { CheckRule } from '../rule';

/** The check of a rule against AWS managed policies with these names. */
export function withoutManagedPolicies(names: readonly string[]): CheckRule['check'] {
  return (resource, app) => {
    if (!ATTACHING_TYPES.includes(resource.cfnResourceType)) return NagRuleCompliance.NOT_APPLICABLE;
    return attachedPolicies(resource, app).some(policy => isOneOf(policy, names)) ? NagRuleCompliance.NON_COMPLIANT : NagRuleCompliance.COMPLIANT;
  };
}
