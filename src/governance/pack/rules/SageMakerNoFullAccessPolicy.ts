import { BEDROCK_ROLE } from '../../../contract/data';
import { INCIDENTS } from '../incidents';
import { CheckRule } from '../rule';
import { withoutManagedPolicies } from './full-access-rule';

export const SageMakerNoFullAccessPolicy: CheckRule = {
  name: 'SageMakerNoFullAccessPolicy',
  info: 'AmazonSageMakerFullAccess is attached. Use GenAiEndpoint, whose role loads one model, and grantInvoke for its callers.',
  explanation: 'The managed policy allows every SageMaker action, and reading every bucket with "sagemaker" in its name.',
  incident: INCIDENTS.roleDrift,
  check: withoutManagedPolicies(BEDROCK_ROLE.forbiddenManagedPolicies.sagemaker),
};
