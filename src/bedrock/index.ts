export * from './bedrock-task-role';
