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
export const CHECK_RULES: readonly CheckRule[] = rules.map(rule => ({
  name: rule.name,
  info: filledText(rule.info, contract),
  explanation: rule.explanation,
  incident: rule.incidents.map(incident => incidents[incident]).join(' '),
  check: checkOf(rule),
}));

function checkOf(rule: RuleEntry): Check {
  if (!('forbiddenManagedPolicies' in rule)) return CHECK_OF[rule.name];
  return forbiddenPolicies(rule.forbiddenManagedPolicies, filledText(rule.info, contract));
}
