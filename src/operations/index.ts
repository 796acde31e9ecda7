export * from './bedrock-invocation-logging';
export * from './invocation-log-options';
