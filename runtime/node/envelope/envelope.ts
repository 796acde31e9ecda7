import { codeRule, errorCodeOf, FALLBACK_CODE, isErrorCode, type ErrorCode } from './error-mapping';
import { newSupportRef } from './support-ref';
import { ERROR_CODES, RUNTIME_ENVIRONMENT } from '../../../src/contract/data';
import { converseStopReason, tryStopReason } from '../../../src/contract/stop-reason';
import { errorChain } from '../telemetry/error-chain';
import { currentInvocation, UNKNOWN_REQUEST } from '../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../telemetry/log';
import { redactText } from '../telemetry/redaction';
import { isError, read } from '../telemetry/thrown';

/** The error of an answer. */
export interface EnvelopeErrorBody {
  /** For logic. */
  readonly code: ErrorCode;
  /** For developers; end users see a text of the client's own, by code. */
  readonly message: string;
  readonly retryable: boolean;
  /** Finds the whole error in the log. */
  readonly support_ref: string;
}

/** The one shape of every answer. */
export interface Envelope<T = unknown> {
  readonly status: 'success' | 'error' | 'partial';
  readonly request_id: string;
  readonly data: T | null;
  readonly error: EnvelopeErrorBody | null;
}

// Not instanceof: a function may be bundled with its own copy of this class.
const BRAND = Symbol.for(`${RUNTIME_ENVIRONMENT.bundleMarker}EnvelopeError`);
const LEAKS = new RegExp(ERROR_CODES.neverInMessages.join('|'), 'i');
const MAX_MESSAGE = 1024;
const MAX_DEPTH = 100;
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
const STACK_FRAME = new RegExp(ERROR_CODES.stackFramePattern);

/** Thrown by a handler to answer with a code of its choice. The message is for developers and reaches the caller. */
export class EnvelopeError extends Error {
  /**
   * The error for a reason why an answer of a model ended, where that reason is a failure in disguise: a guardrail, a filter, a limit, or
   * output that is of no use. Undefined for all others. Converse's words, and those that other APIs of models have for the same.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
   */
  public static ofStopReason(reason: string | undefined): EnvelopeError | undefined {
    const word = reason === undefined ? undefined : converseStopReason(reason);
    const code = word === undefined ? undefined : tryStopReason(word)?.errorCode;
    return isErrorCode(code) ? new EnvelopeError(code, `The model's answer ended by ${word}.`) : undefined;
  }

  public readonly code: ErrorCode;

  constructor(code: ErrorCode, message?: string, options?: { readonly cause?: unknown }) {
    super(message ?? (isErrorCode(code) ? codeRule(code).message : undefined), options);
    this.name = 'EnvelopeError';
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Answers with data. The same as returning the data itself. */
export function success<T>(data?: T): Envelope<T> {
  return { status: 'success', request_id: currentRequestId(), data: data ?? null, error: null };
}

/** Answers with what could be had, and why the rest could not: a code, or the error that was caught. */
export function partial<T>(data: T, error: unknown): Envelope<T> {
  const reason = isErrorCode(error) ? new EnvelopeError(error) : error;
  return { status: 'partial', request_id: currentRequestId(), data: data ?? null, error: errorBody(reason) };
}

/** The envelope for anything that was thrown. Logs the whole error under the envelope's support_ref; none of it is in the envelope. */
export function toErrorEnvelope(thrown: unknown): Envelope<never> {
  return { status: 'error', request_id: currentRequestId(), data: null, error: errorBody(thrown) };
}

/** The error for an answer, and a line in the log with all that the answer does not tell. */
export function errorBody(thrown: unknown): EnvelopeErrorBody {
  const { code, message } = publicError(thrown);
  const support_ref = newSupportRef();
  logEvent('error', LOG_EVENTS.handlerError, { support_ref, error_code: code, errors: errorChain(thrown) });
  return { code, message, retryable: codeRule(code).retryable, support_ref };
}

/** In the contract's order of keys, and with nothing but them. `dataJson` is the data where it is JSON already. */
export function serializeEnvelope({ status, request_id, data, error }: Envelope, dataJson?: string): string {
  const dataText = dataJson ?? jsonOf(data ?? null);
  if (dataText === undefined) throw new TypeError('The result of the handler cannot be serialised to JSON');
  return `{"status":"${status}","request_id":${JSON.stringify(request_id)},"data":${dataText},"error":${JSON.stringify(error)}}`;
}

/** JSON in which an error, that of an HTTP client with its headers for example, is an error body and nothing more. */
function jsonOf(data: unknown): string | undefined {
  if (!mayHoldError(data)) return JSON.stringify(data);
  return JSON.stringify(data, function (this: unknown, key: string, value: unknown) {
    const error = [read(this, key), value].find(isErrorAsData);
    return error === undefined ? value : errorBody(error);
  });
}

/** True also for what cannot be looked at or is too deep: better slow than leaking. */
function mayHoldError(data: unknown): boolean {
  try {
    return holdsError(data, 0);
  } catch {
    return true;
  }
}

function holdsError(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAX_DEPTH || isErrorAsData(value) || hasJsonOfItsOwn(value)) return true;
  for (const key in value) if (holdsError((value as Record<string, unknown>)[key], depth + 1)) return true;
  return false;
}

/** It may show an error, and a date does not. */
function hasJsonOfItsOwn(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function' && !(value instanceof Date);
}

/** An error, or what a library has made of one to send it somewhere. */
export function isErrorAsData(value: unknown): boolean {
  if (isError(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const stack = read(value, 'stack');
  return typeof stack === 'string' && typeof read(value, 'message') === 'string' && STACK_FRAME.test(stack);
}

/** True for a text that may not leave: it holds what tells about the inside or a secret, or more than a message does. */
export function leaks(text: string): boolean {
  const plain = asRead(text);
  return leaksInside(text) || redactText(plain) !== plain;
}

/** True for an ARN, an account id, a path, a stack frame or a version of a library. */
export function leaksInside(text: string): boolean {
  return text.length > MAX_MESSAGE || LEAKS.test(asRead(text));
}

/** As the eye reads it, whatever signs it is written with. */
function asRead(text: string): string {
  return text.normalize('NFKC').replace(UNSEEN, '');
}

function publicError(thrown: unknown): { code: ErrorCode; message: string } {
  if (read(thrown, BRAND as unknown as string) !== true) {
    const code = errorCodeOf(thrown);
    return { code, message: codeRule(code).message };
  }
  const given = read(thrown, 'code');
  const code = isErrorCode(given) ? given : FALLBACK_CODE;
  const message = read(thrown, 'message');
  const allowed = code === given && typeof message === 'string' && message.trim() !== '' && !leaks(message);
  return { code, message: allowed ? message : codeRule(code).message };
}

/** The id for an envelope that is made now. */
export function currentRequestId(): string {
  return currentInvocation()?.requestId ?? UNKNOWN_REQUEST;
}
