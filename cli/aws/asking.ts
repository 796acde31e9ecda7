/* What talks to AWS, with the SDK in it: bundled apart, and loaded by `sdk()` alone. */
export * from './ask-account';
export * from './ask-metrics';
export * from './prompt-registry';
