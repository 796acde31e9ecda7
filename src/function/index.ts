export * from './handler-kind';
export * from './iam-probe';
export * from './standard-function';
export * from './standard-function-options';
export * from './standard-lambda';
