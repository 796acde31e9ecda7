import { NagRuleCompliance } from 'cdk-nag';
import { INCIDENTS } from '../incidents';
import { CheckRule } from '../rule';
import { isGenAiFunction, usesRuntimeLayer } from '../workloads';

export const FunctionUsesRuntimeLayer: CheckRule = {
  name: 'FunctionUsesRuntimeLayer',
  info: 'The function may run a model or an endpoint, but Lambda does not start it through the runtime layer. ' +
    'Use StandardLambda, or apply the StandardLambdaMixin mixin to it.',
  explanation: 'Without the layer nothing bounds the function\'s calls, shapes its errors, names its metrics or checks its role while it starts. ' +
    'Functions count whose role may invoke a Bedrock model or a SageMaker endpoint, and StandardLambdas.',
  incident: `${INCIDENTS.clientDrift} ${INCIDENTS.envelopeDrift}`,
  check: (resource, app) => {
    if (!isGenAiFunction(resource, app)) return NagRuleCompliance.NOT_APPLICABLE;
    return usesRuntimeLayer(resource, app) ? NagRuleCompliance.COMPLIANT : NagRuleCompliance.NON_COMPLIANT;
  },
};
