import { NagRuleCompliance } from 'cdk-nag';
import { Check } from './rule';
import { bedrockWildcards } from '../../../contract/iam/model-invocation';
import { allowStatements } from '../policies/statements';
import { isCdkProvider } from '../template/cdk-providers';

export const BedrockNoWildcard: Check = (resource, app) => {
  const statements = allowStatements(resource, app);
  if (!statements || isCdkProvider(resource)) return NagRuleCompliance.NOT_APPLICABLE;
  const findings = new Set(statements.flatMap(bedrockWildcards));
  return findings.size > 0 ? [...findings] : NagRuleCompliance.COMPLIANT;
};
