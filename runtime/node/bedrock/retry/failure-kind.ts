/** Why an attempt failed, as far as it decides what to do next. */
export type FailureKind = 'timeout' | 'connection' | 'throttling' | 'server';

interface SdkFailure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
}

const THROTTLING_NAMES: ReadonlySet<unknown> = new Set([
  'ThrottlingException', 'Throttling', 'ThrottledException', 'TooManyRequestsException', 'RequestThrottled', 'RequestThrottledException',
  'RequestLimitExceeded', 'ProvisionedThroughputExceededException', 'SlowDown', 'BandwidthLimitExceeded',
]);
const TIMEOUT_NAMES: ReadonlySet<unknown> = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'ModelTimeoutException']);
/** Answered with a 4xx in places, and yet the service's own trouble. */
const SERVER_NAMES: ReadonlySet<unknown> = new Set(['ModelNotReadyException', 'InternalServerException', 'ServiceUnavailableException']);
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
const CONNECTION_CODES: ReadonlySet<unknown> = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'ENOTFOUND', 'EAI_AGAIN',
  'EADDRNOTAVAIL', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO',
  'ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_SESSION_ERROR', 'ERR_HTTP2_GOAWAY_SESSION', 'ERR_HTTP2_STREAM_CANCEL', 'ERR_HTTP2_INVALID_SESSION',
]);
/** Node's parser, on an answer that broke off or is not HTTP. */
const PARSER_CODE = /^HPE_/;
const MAX_CAUSES = 10;

/**
 * What kind of failure this is, or undefined for one that trying again does not mend: every 4xx that is not throttling,
 * an abort by the caller, and errors of the program itself.
 */
export function failureKind(error: unknown, depth = 0): FailureKind | undefined {
  if (typeof error !== 'object' || error === null || depth > MAX_CAUSES) return undefined;
  const failure = error as SdkFailure;
  if (failure.name === 'AbortError') return undefined;
  return kindByAnswer(failure) ?? kindByTransport(failure) ?? failureKind(failure.cause, depth + 1);
}

function kindByAnswer(failure: SdkFailure): FailureKind | undefined {
  const status = failure.$metadata?.httpStatusCode;
  if (status === 429 && !isModelNotReady(failure)) return 'throttling';
  if (THROTTLING_NAMES.has(failure.name)) return 'throttling';
  // The SDK has set its clock by the answer; the same request, signed again, is right.
  if (failure.$metadata?.clockSkewCorrected === true) return 'server';
  if (SERVER_NAMES.has(failure.name)) return 'server';
  if (failure.name === 'ModelTimeoutException') return 'timeout';
  return typeof status === 'number' && status >= 500 ? 'server' : undefined;
}

function isModelNotReady({ name }: SdkFailure): boolean {
  return name === 'ModelNotReadyException';
}

function kindByTransport({ name, code }: SdkFailure): FailureKind | undefined {
  if (TIMEOUT_CODES.has(code)) return 'timeout';
  // Before the name: the SDK calls a reset connection a TimeoutError too.
  if (CONNECTION_CODES.has(code) || (typeof code === 'string' && PARSER_CODE.test(code))) return 'connection';
  return TIMEOUT_NAMES.has(name) ? 'timeout' : undefined;
}
