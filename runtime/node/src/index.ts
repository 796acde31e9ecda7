export { EnvelopeError, partial, success, toErrorEnvelope, type Envelope, type EnvelopeErrorBody } from './envelope';
export type { ErrorCode } from './error-mapping';
export { logger } from './log';
export { emitMetric, type MetricDimensions, type MetricId } from './metrics';
export type { HandlerKind } from './settings';
export { standardHandler, type StandardHandlerOptions } from './standard-handler';
