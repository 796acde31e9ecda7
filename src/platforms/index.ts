export * from './image-generation-platform';
export * from './platform-options';
export * from './text-generation-platform';
