export * from './checks';
export type { BedrockGuardrailProfile, GuardrailInForce } from './guardrail-in-force';
export * from './mute-window';
export * from './standards';
