export * from './handler-kind';
export * from './iam-probe';
export * from './standard-function-options';
