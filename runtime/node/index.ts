export type { BedrockClientProps } from './bedrock/client/standard-clients';
export { withPrompt, type PromptIdentity } from './bedrock/client/prompt-context';
export { BedrockClientFactory } from './bedrock/client/bedrock-client-factory';
export { EnvelopeError, partial, success, toErrorEnvelope, type Envelope, type EnvelopeErrorBody } from './envelope/envelope';
export type { ErrorCode } from './envelope/error-mapping';
export { logger, type StandardLogger } from './telemetry/log';
export { emitMetric, type MetricDimensions, type MetricId } from './telemetry/metrics';
export type { HandlerKind } from './telemetry/settings';
export { standardHandler, type StandardHandlerOptions } from './handler/standard-handler';
