export * from './bedrock-call-alarms';
export * from './catalog-metric';
export * from './error-code-alarms';
export * from './missing-metric-alarm';
export * from './standard-dashboard';
export * from './token-price';
