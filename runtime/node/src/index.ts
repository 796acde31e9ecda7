export type { BedrockClientProps } from './bedrock/bedrock-client-factory';
export { withPrompt, type PromptIdentity } from './bedrock/prompt-context';
export { BedrockClientFactory } from './bedrock-on-demand';
export { EnvelopeError, partial, success, toErrorEnvelope, type Envelope, type EnvelopeErrorBody } from './envelope';
export type { ErrorCode } from './error-mapping';
export { logger, type StandardLogger } from './log';
export { emitMetric, type MetricDimensions, type MetricId } from './metrics';
export type { HandlerKind } from './settings';
export { standardHandler, type StandardHandlerOptions } from './standard-handler';
