import { BEDROCK_ROLE } from '../../../contract/data';
import { INCIDENTS } from '../incidents';
import { CheckRule } from '../rule';
import { withoutManagedPolicies } from './full-access-rule';

export const BedrockNoFullAccessPolicy: CheckRule = {
  name: 'BedrockNoFullAccessPolicy',
  info: 'AmazonBedrockFullAccess is attached. Use a BedrockTaskRole with the models that the service invokes.',
  explanation: 'The managed policy allows every Bedrock action on every model, and AWS widens it with each new feature.',
  incident: INCIDENTS.roleDrift,
  check: withoutManagedPolicies(BEDROCK_ROLE.forbiddenManagedPolicies.bedrock),
};
