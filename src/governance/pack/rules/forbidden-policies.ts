import { Check } from './rule';
import { isOneOf, policyName } from '../../../contract/iam/model-invocation';
import { ATTACHING_TYPES, attachedPolicies } from '../policies/statements';

/** The check of a rule that forbids AWS managed policies with these names. */
export function forbiddenPolicies(names: readonly string[], info: string): Check {
  return (resource, app) => {
    if (!ATTACHING_TYPES.includes(resource.type)) return undefined;
    const attached = [...new Set(attachedPolicies(resource, app).filter(policy => isOneOf(policy, names)).map(policyName))];
    return attached.length > 0 ? [{ info: `${attached.join(', ')}: ${info}` }] : [];
  };
}
