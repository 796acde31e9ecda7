import { NagRuleCompliance } from 'cdk-nag';
import { isCdkProvider } from '../cdk-providers';
import { INCIDENTS } from '../incidents';
import { bedrockWildcards } from '../../../contract/iam/model-invocation';
import { allowStatements } from '../policies/statements';
import { CheckRule } from '../rule';

export const BedrockNoWildcard: CheckRule = {
  name: 'BedrockNoWildcard',
  info: 'The policy allows more of Bedrock than it names: a wildcard in an action, in a model\'s ARN or by NotAction. ' +
    'Name each action and each model\'s ARN, or use a BedrockTaskRole.',
  explanation: 'A wildcard also allows what nobody meant to: customising and deleting models, other Regions, every future action. ' +
    'It looks at roles, users, groups and permission sets, at inline, attached and managed policies; a Deny is never found.',
  incident: INCIDENTS.roleDrift,
  check: (resource, app) => {
    const statements = allowStatements(resource, app);
    if (!statements || isCdkProvider(resource)) return NagRuleCompliance.NOT_APPLICABLE;
    const findings = new Set(statements.flatMap(bedrockWildcards));
    return findings.size > 0 ? [...findings] : NagRuleCompliance.COMPLIANT;
  },
};
