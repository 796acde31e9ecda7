export * from './envelope';
export * from './handler-kind';
export * from './iam-probe';
export * from './service-traffic';
export * from './standard-lambda';
export * from './standard-lambda-mixin';
export * from './standard-lambda-options';
