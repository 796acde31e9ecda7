export * from './handler-kind';
export * from './iam-probe';
export * from './standard-lambda-mixin';
export * from './standard-lambda-options';
export * from './standard-lambda';
