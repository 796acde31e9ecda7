export * from './bedrock-invocation-logging';
export type { BypassException } from './bypass-exceptions';
export * from './factory-bypass-detector';
export * from './invocation-log-options';
export * from './presence-gate';
export type { PresenceGateExemption, PresenceGateOverride } from './presence-gate-exceptions';
export * from './presence-gate-step';
export * from './prompt-drift-audit';
export * from './synthetic-requests';
