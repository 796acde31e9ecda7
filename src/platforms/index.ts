export * from './platform-options';
export * from './text-generation-platform';
