import * as checks from './rules';
import { forbiddenPolicies } from './rules/forbidden-policies';
import { Check, CheckRule } from './rules/rule';
import * as contract from '../../contract/data';
import { filledText } from '../../contract/filled-text';

const { incidents, rules } = contract.CHECKS;

type RuleEntry = typeof rules[number];
type CheckedRule = Exclude<RuleEntry, { readonly forbiddenManagedPolicies: unknown }>['name'];

/** The check of every rule that is more than a list of policies: the file of its name under rules/. */
const CHECK_OF: Readonly<Record<CheckedRule, Check>> = checks;

/** The rules of `PlumblineChecks`, in the order of the documentation. */
export const CHECK_RULES: readonly CheckRule[] = rules.map(rule => {
  const info = filledText(rule.info, contract);
  return {
    name: rule.name,
    info,
    explanation: rule.explanation,
    incident: rule.incidents.map(incident => incidents[incident]).join(' '),
    check: checkOf(rule, info),
  };
});

function checkOf(rule: RuleEntry, info: string): Check {
  return 'forbiddenManagedPolicies' in rule ? forbiddenPolicies(rule.forbiddenManagedPolicies, info) : CHECK_OF[rule.name];
}
