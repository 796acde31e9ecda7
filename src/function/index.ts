export * from './handler-kind';
export * from './iam-probe';
