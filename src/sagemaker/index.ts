export * from './endpoint-alarm-options';
export * from './gen-ai-endpoint';
export * from './gen-ai-model';
export * from './inference';
export * from './inference-options';
export * from './payload-location';
