import { ERROR_CODES } from '../../../../src/contract/data';

/** Why an attempt failed, as far as it decides what to do next. */
export type FailureKind = 'timeout' | 'connection' | 'throttling' | 'server';

interface SdkFailure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  /** Of a ModelError of SageMaker: what the container answered, or 0 when it did not. */
  readonly OriginalStatusCode?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
}

const { retry } = ERROR_CODES;
const THROTTLING_NAMES: ReadonlySet<unknown> = new Set(retry.throttlingNames);
const TIMEOUT_NAMES: ReadonlySet<unknown> = new Set(retry.timeoutNames);
const SERVER_NAMES: ReadonlySet<unknown> = new Set(retry.serverNames);
const TIMEOUT_CODES: ReadonlySet<unknown> = new Set(retry.timeoutCodes);
const CONNECTION_CODES: ReadonlySet<unknown> = new Set(retry.connectionCodes);
const PARSER_CODE = new RegExp(retry.parserCodePattern);
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
  if (failure.name === 'ModelError' && failure.OriginalStatusCode === 0) return 'timeout';
  // SageMaker wraps what a container answered; the wrapping is always 424.
  const status = (failure.name === 'ModelError' ? failure.OriginalStatusCode : undefined) ?? failure.$metadata?.httpStatusCode;
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
