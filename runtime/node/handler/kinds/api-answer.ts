import { compress } from './content-encoding';
import { ownErrorOf } from './own-error';
import * as proxy from './proxy-result';
import { ERROR_CODES, RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import {
  EnvelopeError, isErrorAsData, leaks, leaksInside, serializeEnvelope, success, toErrorEnvelope, type Envelope,
} from '../../envelope/envelope';
import { codeRule, SUCCESS_STATUS, type ErrorCode } from '../../envelope/error-mapping';
import { envelopeOfReturned, tryCheckedEnvelope } from '../../envelope/returned-envelope';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import { redactStart } from '../../telemetry/redaction';
import { isError } from '../../telemetry/thrown';

/** An answer of an API function and the code it is counted under. */
export interface ApiAnswer {
  readonly result: proxy.ProxyResult;
  readonly errorCode?: ErrorCode;
  /** What became of a proxy result that is neither an envelope nor data. */
  readonly made?: 'foreign' | 'client_error' | 'server_error';
}

const MAX_RESPONSE_BYTES = RUNTIME_ENVIRONMENT.limits.responseBytes;
/** JSON text holds no raw control character, and any other takes at most three bytes once it is a JSON string itself. */
const MAX_BYTES_PER_CHARACTER = 3;
const ERROR_HEADERS: ReadonlySet<string> = new Set(ERROR_CODES.errorHeaders);

/** Makes the answer from whatever a handler returned. Throws an error that was returned, and what a result throws that is no JSON. */
export function answerOf(returned: unknown): ApiAnswer {
  return !isError(returned) && proxy.isProxyResult(returned) ? answerOfProxyResult(returned) : answer(envelopeOfReturned(returned));
}

/** The answer for anything that was thrown; the log has the rest. */
export function answerOfError(thrown: unknown, headers: HeadersOfAnswer = {}): ApiAnswer {
  return answer(toErrorEnvelope(thrown), headers);
}

function answerOfProxyResult(given: proxy.GivenProxyResult): ApiAnswer {
  const status = proxy.statusOf(given)!;
  const body = proxy.bodyOf(given);
  if (isErrorAsData(body.value)) {
    if (proxy.isClientError(status) && !isError(body.value)) return answerOfClientError(given, status, body);
    throw body.value;
  }
  const envelope = tryCheckedEnvelope(body.value);
  if (proxy.isErrorStatus(status) && (!envelope || envelope.status === 'success')) {
    return proxy.isClientError(status) ? answerOfClientError(given, status, body, envelope) : answerOfViolation(given, status, envelope);
  }
  if (proxy.isBodiless(status) && envelope?.error) return answer(envelope, headersOf(given, isErrorHeader));
  if (proxy.isBodiless(status)) return foreignAnswer(given, { statusCode: status, body: '' });
  if (envelope) {
    const mayLeave = envelope.status === 'error' ? isErrorHeader : proxy.isContentHeader;
    return answer(envelope, { status, coding: body.coding, dataText: proxy.dataJsonOf(body), ...headersOf(given, mayLeave) });
  }
  if (proxy.isForeignContent(given, status, body)) return foreignAnswer(given, { statusCode: status, body: proxy.textOfBody(given) });
  return answer(success(body.value), { status, coding: body.coding, dataText: body.json, ...headersOf(given, proxy.isTransferHeader) });
}

/** What is no JSON, and what has no body, leaves as it came. */
function foreignAnswer(given: proxy.GivenProxyResult, content: Content): ApiAnswer {
  const { isBase64Encoded, statusDescription } = given;
  const result = {
    ...resultOf(content, headersOf(given, proxy.isAnyHeader)),
    ...(isBase64Encoded !== undefined && { isBase64Encoded: isBase64Encoded === true }),
    ...(typeof statusDescription === 'string' && { statusDescription }),
  };
  if (isTooLarge(result)) throw new EnvelopeError('PAYLOAD_TOO_LARGE');
  return { result, made: 'foreign' };
}

/** What says that the request was wrong keeps its status, and says so in an envelope. */
function answerOfClientError(given: proxy.GivenProxyResult, status: number, body: proxy.Body, envelope?: Envelope): ApiAnswer {
  logViolation('warn', given, status, envelope);
  const mayLeave: proxy.HeaderFilter = (name, value) => proxy.isTransferHeader(name, value) && isErrorHeader(name, value);
  const own = ownErrorOf(status, envelope ? { value: null } : body);
  return { ...answer(toErrorEnvelope(own), { status, ...headersOf(given, mayLeave) }), made: 'client_error' };
}

/** What says that it failed has to say so in an envelope. */
function answerOfViolation(given: proxy.GivenProxyResult, status: number, envelope: Envelope | undefined): ApiAnswer {
  logViolation('error', given, status, envelope);
  const mayLeave: proxy.HeaderFilter = (name, value) => proxy.isCrossOriginHeader(name, value) && isErrorHeader(name, value);
  const { headers, multiValueHeaders } = headersOf(given, mayLeave);
  return { ...answerOfError(new EnvelopeError('INTERNAL_ERROR'), { headers, multiValueHeaders }), made: 'server_error' };
}

function logViolation(level: 'warn' | 'error', { body }: proxy.GivenProxyResult, status: number, envelope: Envelope | undefined): void {
  const reason = envelope ? 'error status with a success envelope' : 'error body is no envelope';
  logEvent(level, LOG_EVENTS.envelopeViolation, { reason, status_code: status, body: excerpt(body) });
}

interface HeadersOfAnswer {
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, readonly unknown[]>;
  readonly cookies?: readonly unknown[];
}

interface AnswerOptions extends HeadersOfAnswer {
  readonly status?: number;
  /** How the body is to be compressed. */
  readonly coding?: string;
  /** The data as JSON that exists already. */
  readonly dataText?: string;
}

function answer(envelope: Envelope, options: AnswerOptions = {}): ApiAnswer {
  const errorCode = envelope.error?.code;
  const rule = errorCode && codeRule(errorCode);
  const text = serializeEnvelope(envelope, options.dataText);
  const statusCode = options.status ?? (envelope.status === 'error' && rule ? rule.httpStatus : SUCCESS_STATUS);
  const content = options.coding ? { statusCode, body: compress(text, options.coding), isBase64Encoded: true } : { statusCode, body: text };
  const result = resultOf(content, options);
  if (options.coding) result.headers['content-encoding'] = options.coding;
  if (!proxy.hasHeader(result, 'content-type')) result.headers['content-type'] = 'application/json';
  if (rule?.retryAfterSeconds && !proxy.hasHeader(result, 'retry-after')) result.headers['retry-after'] = String(rule.retryAfterSeconds);
  if (isTooLarge(result)) throw new EnvelopeError('PAYLOAD_TOO_LARGE');
  return { result, errorCode };
}

function headersOf({ headers, multiValueHeaders, cookies }: proxy.GivenProxyResult, mayLeave: proxy.HeaderFilter): HeadersOfAnswer {
  return {
    headers: proxy.keepHeaders(headers, mayLeave),
    multiValueHeaders: proxy.multiValueHeaders(multiValueHeaders, mayLeave),
    cookies: Array.isArray(cookies) ? cookies.filter(cookie => mayLeave('set-cookie', String(cookie))).map(proxy.headerValue) : undefined,
  };
}

type Content = Pick<proxy.ProxyResult, 'statusCode' | 'body' | 'isBase64Encoded'>;

function resultOf(content: Content, { headers = {}, multiValueHeaders, cookies }: HeadersOfAnswer): proxy.ProxyResult {
  return { ...content, headers, ...(multiValueHeaders && { multiValueHeaders }), ...(cookies && { cookies }) };
}

/** What a failed answer may tell in its headers. A cookie is meant for the caller, and may well look like a secret. */
function isErrorHeader(name: string, value: string): boolean {
  return ERROR_HEADERS.has(name) && !(name === 'set-cookie' ? leaksInside(value) : leaks(value));
}

function isTooLarge(result: proxy.ProxyResult): boolean {
  const { body, headers, ...rest } = result;
  const largest = MAX_BYTES_PER_CHARACTER * (body.length + JSON.stringify(headers).length + JSON.stringify(rest).length);
  return largest >= MAX_RESPONSE_BYTES && Buffer.byteLength(JSON.stringify(result)) > MAX_RESPONSE_BYTES;
}

function excerpt(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  return body.length > proxy.MAX_LOGGED_BODY ? `${redactStart(body, proxy.MAX_LOGGED_BODY)}…` : body;
}
