import { NagRuleCompliance } from 'cdk-nag';
import { Check } from './rule';
import { isGenAiFunction, usesRuntimeLayer } from '../workloads/workloads';

export const FunctionUsesRuntimeLayer: Check = (resource, app) => {
  if (!isGenAiFunction(resource, app)) return NagRuleCompliance.NOT_APPLICABLE;
  return usesRuntimeLayer(resource, app) ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
};
