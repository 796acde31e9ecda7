export * from './prompt-reads';
export * from './prompt-registry';
