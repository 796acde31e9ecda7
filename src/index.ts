export * from './api';
export * from './bedrock';
export * from './function';
export * from './governance';
export * from './observability';
export * from './operations';
export * from './sagemaker';
export * from './standards';
