import * as proxy from './proxy-result';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { EnvelopeError, leaks, serializeEnvelope, success, toErrorEnvelope, type Envelope } from '../../envelope/envelope';
import { isEnvelope } from '../../envelope/envelope-check';
import { codeRule, SUCCESS_STATUS, type ErrorCode } from '../../envelope/error-mapping';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';

/** An answer of an API function and the code it is counted under. */
export interface ApiAnswer {
  readonly result: proxy.ProxyResult;
  readonly errorCode?: ErrorCode;
}

const MAX_RESPONSE_BYTES = RUNTIME_ENVIRONMENT.limits.responseBytes;
/** JSON text holds no raw control character, and any other takes at most three bytes once it is a JSON string itself. */
const MAX_BYTES_PER_CHARACTER = 3;
/** API Gateway takes far fewer bytes of headers. */
const MAX_HEADER_BYTES = 65_536;
const MAX_LOGGED_BODY = 2048;

/** Makes the answer from whatever a handler returned. Throws what a result that cannot be serialised throws. */
export function answerOf(returned: unknown): ApiAnswer {
  if (proxy.isProxyResult(returned)) return answerOfProxyResult(returned);
  return answer(isEnvelope(returned) ? withoutLeaks(returned) : success(returned));
}

/** The answer for anything that was thrown; the log has the rest. */
export function answerOfError(thrown: unknown, headers: Record<string, string> = {}): ApiAnswer {
  return answer(toErrorEnvelope(thrown), { headers });
}

function answerOfProxyResult(given: proxy.GivenProxyResult): ApiAnswer {
  const status = proxy.statusOf(given)!;
  const body = proxy.bodyOf(given);
  if (isEnvelope(body.value)) {
    const envelope = withoutLeaks(body.value);
    const mayLeave = envelope.status === 'error' ? isHarmlessHeader : () => true;
    return answer(envelope, {
      status,
      given,
      headers: proxy.keepHeaders(given.headers, mayLeave),
      multiValueHeaders: proxy.multiValueHeaders(given.multiValueHeaders, mayLeave),
      text: envelope === body.value ? body.json : undefined,
    });
  }
  if (proxy.isErrorStatus(status)) {
    logEvent('error', LOG_EVENTS.envelopeViolation, { reason: 'error body is no envelope', status_code: status, body: excerpt(given.body) });
    return answerOfError(new EnvelopeError('INTERNAL_ERROR'), proxy.keepHeaders(given.headers, proxy.isCrossOriginHeader));
  }
  const headers = proxy.keepHeaders(given.headers, proxy.isTransferHeader);
  const multiValueHeaders = proxy.multiValueHeaders(given.multiValueHeaders, proxy.isTransferHeader);
  if (proxy.isBodiless(status) && body.value === null) return { result: withCookies({ statusCode: status, headers, multiValueHeaders, body: '' }, given) };
  return answer(success(body.value), { status, given, headers, multiValueHeaders, dataText: body.json });
}

interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, readonly unknown[]>;
  readonly given?: proxy.GivenProxyResult;
  /** The whole envelope, or its data, as JSON that exists already. */
  readonly text?: string;
  readonly dataText?: string;
}

function answer(envelope: Envelope, options: AnswerOptions = {}): ApiAnswer {
  const errorCode = envelope.error?.code;
  const rule = errorCode && codeRule(errorCode);
  const result: proxy.ProxyResult = withCookies({
    statusCode: options.status ?? (envelope.status === 'error' && rule ? rule.httpStatus : SUCCESS_STATUS),
    headers: options.headers ?? {},
    multiValueHeaders: options.multiValueHeaders,
    body: options.text ?? serializeEnvelope(envelope, options.dataText),
  }, options.given);
  if (!proxy.hasHeader(result, 'content-type')) result.headers['content-type'] = 'application/json';
  if (rule?.retryAfterSeconds && !proxy.hasHeader(result, 'retry-after')) result.headers['retry-after'] = String(rule.retryAfterSeconds);
  if (isTooLarge(result)) throw new EnvelopeError('PAYLOAD_TOO_LARGE');
  return { result, errorCode };
}

/** A handler's own envelope, with the message of its code where its own may not leave. */
export function withoutLeaks(envelope: Envelope): Envelope {
  const { error } = envelope;
  if (!error || !leaks(error.message)) return envelope;
  logEvent('error', LOG_EVENTS.envelopeViolation, { reason: 'message leaks', support_ref: error.support_ref, leaked_message: error.message });
  return { ...envelope, error: { ...error, message: codeRule(error.code).message } };
}

/** What debugging leaves in the headers of a failed answer. A cookie is meant for the caller, whatever it looks like. */
function isHarmlessHeader(name: string, value: string): boolean {
  return name === 'set-cookie' || !leaks(value);
}

function withCookies(result: proxy.ProxyResult, given: proxy.GivenProxyResult | undefined): proxy.ProxyResult {
  const { multiValueHeaders, ...rest } = result;
  return {
    ...rest,
    ...(multiValueHeaders && { multiValueHeaders }),
    ...(Array.isArray(given?.cookies) && { cookies: given.cookies }),
  };
}

function isTooLarge(result: proxy.ProxyResult): boolean {
  if (result.body.length * MAX_BYTES_PER_CHARACTER + MAX_HEADER_BYTES < MAX_RESPONSE_BYTES) return false;
  return Buffer.byteLength(JSON.stringify(result)) > MAX_RESPONSE_BYTES;
}

function excerpt(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  return body.length > MAX_LOGGED_BODY ? `${body.slice(0, MAX_LOGGED_BODY)}…` : body;
}
