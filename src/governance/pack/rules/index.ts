export * from './BedrockNoFullAccessPolicy';
export * from './BedrockNoWildcard';
export * from './FunctionHasMandatoryAlarms';
export * from './FunctionUsesRuntimeLayer';
export * from './SageMakerNoFullAccessPolicy';
export * from './TaskHasMandatoryAlarms';
