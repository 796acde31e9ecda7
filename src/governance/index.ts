export * from './plumbline-checks';
export * from './version-guardrail';
