export * from './checks';
export type { BedrockGuardrailProfile, GuardrailInForce } from './guardrail-in-force';
export type { IEmittedMetric, MetricMigration, OldMetricName } from './metric-migration';
export * from './mute-window';
export * from './standards';
export type { ITeamMetric } from './team-metric';
