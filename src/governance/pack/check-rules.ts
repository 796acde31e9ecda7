import { CheckRule } from './rule';
import {
  BedrockNoFullAccessPolicy,
  BedrockNoWildcard,
  FunctionHasMandatoryAlarms,
  FunctionUsesRuntimeLayer,
  SageMakerNoFullAccessPolicy,
  TaskHasMandatoryAlarms,
} from './rules';

/** The rules of `PlumblineChecks`, in the order of the documentation. */
export const CHECK_RULES: readonly CheckRule[] = [
  BedrockNoWildcard,
  BedrockNoFullAccessPolicy,
  SageMakerNoFullAccessPolicy,
  FunctionUsesRuntimeLayer,
  FunctionHasMandatoryAlarms,
  TaskHasMandatoryAlarms,
];
