import { answerOf, answerOfError, type ApiAnswer } from './api-answer';
import * as proxy from './proxy-result';
import { LOGGING } from '../../../../src/contract/data';
import { serializeEnvelope } from '../../envelope/envelope';
import { isEnvelope } from '../../envelope/envelope-check';
import { codeOfClientError, FALLBACK_CODE, type ErrorCode } from '../../envelope/error-mapping';
import { LOG_EVENTS, logEvent, withoutEvents } from '../../telemetry/log';
import { emitMetric } from '../../telemetry/metrics';
import { isError, isObject } from '../../telemetry/thrown';

const { level, metricId, unchanged } = LOGGING.envelopeWouldChange;

export type ChangeReason = keyof typeof LOGGING.envelopeWouldChange.reasons;

/** What the envelope would change of an answer that leaves without it. */
export interface EnvelopeChange {
  readonly reason: ChangeReason;
  readonly before?: number;
  readonly after?: number;
  readonly errorCode?: ErrorCode;
}

/** What the envelope would make of a result, and whether that is another answer. */
export interface EnvelopeTrial {
  readonly errorCode?: ErrorCode;
  readonly change?: EnvelopeChange;
}

/** Writes the line about a change, if there is one, and counts the answer either way. */
export function reportChange(change: EnvelopeChange | undefined): void {
  emitMetric(metricId, change ? 1 : 0, { reason: change?.reason ?? unchanged });
  if (!change) return;
  const { reason, before, after, errorCode } = change;
  logEvent(level, LOG_EVENTS.envelopeWouldChange, {
    reason,
    ...(before !== undefined && { status_before: before }),
    ...(after !== undefined && { status_after: after }),
    ...(errorCode !== undefined && { error_code: errorCode }),
  });
}

/**
 * Makes the answer to an HTTP request as the envelope would, and compares. Nothing of it leaves, not into the log either.
 * `statusOfPlain` is the status of a result that names none.
 */
export function tryEnvelope(returned: unknown, statusOfPlain?: number): EnvelopeTrial {
  try {
    return compared(returned, statusOfPlain);
  } catch {
    return { errorCode: FALLBACK_CODE, change: { reason: 'error_result', errorCode: FALLBACK_CODE } };
  }
}

function compared(returned: unknown, statusOfPlain?: number): EnvelopeTrial {
  const { made, wasThrown } = withoutEvents(() => trialAnswer(returned));
  const { result: { statusCode: after }, errorCode } = made;
  const given = !isError(returned) && proxy.isProxyResult(returned) ? returned : undefined;
  const before = given ? proxy.statusOf(given) : statusOfPlain;
  const reason = wasThrown ? 'error_result' : reasonOf(given, made);
  return { errorCode, change: reason && { reason, before, after, errorCode } };
}

/** The code that a result counts under without the envelope: its status tells. */
export function errorCodeOfResult(returned: unknown): ErrorCode | undefined {
  return !isError(returned) && proxy.isProxyResult(returned) ? errorCodeOfStatus(proxy.statusOf(returned)!) : undefined;
}

export function errorCodeOfStatus(status: number): ErrorCode | undefined {
  if (proxy.isServerError(status)) return FALLBACK_CODE;
  return proxy.isErrorStatus(status) ? codeOfClientError(status) : undefined;
}

function trialAnswer(returned: unknown): { readonly made: ApiAnswer; readonly wasThrown: boolean } {
  try {
    return { made: answerOf(returned), wasThrown: false };
  } catch (error) {
    return { made: answerOfError(error), wasThrown: true };
  }
}

function reasonOf(given: proxy.GivenProxyResult | undefined, { made, result }: ApiAnswer): ChangeReason | undefined {
  if (!given) return 'wrapped';
  if (made === 'client_error' || made === 'server_error') return made;
  const body = proxy.bodyOf(given);
  if (made === 'foreign') {
    if (result.body !== proxy.textOfBody(given)) return 'mended';
  } else {
    if (!isEnvelope(body.value)) return 'wrapped';
    if (result.statusCode !== proxy.statusOf(given) || !saysTheSame(body, result)) return 'mended';
  }
  return hasSameHeaders(given, result) ? undefined : 'headers';
}

/** Whether an envelope left as it was, but for the order of its fields. */
function saysTheSame(body: proxy.Body, result: proxy.ProxyResult): boolean {
  const asGiven = withoutEvents(() => serializeEnvelope(body.value as Parameters<typeof serializeEnvelope>[0], proxy.dataJsonOf(body)));
  return proxy.bodyOf(result).json === asGiven;
}

/** The type is the gateway's own to add, and the length to count. */
function hasSameHeaders(given: proxy.GivenProxyResult, result: proxy.ProxyResult): boolean {
  const before = headerLines(given);
  const hasType = before.some(line => line.startsWith('content-type:'));
  const after = headerLines(result).filter(line => hasType || !line.startsWith('content-type:'));
  return before.join('\n') === after.join('\n');
}

function headerLines({ headers, multiValueHeaders, cookies }: proxy.GivenProxyResult): string[] {
  const entries = [headers, multiValueHeaders].flatMap(given => (isObject(given) ? Object.entries(given) as [string, unknown][] : []));
  const lists = entries.filter(([, value]) => value !== undefined && value !== null).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(one => `${name.toLowerCase()}:${String(one)}`));
  const set = Array.isArray(cookies) ? cookies.map(cookie => `set-cookie:${String(cookie)}`) : [];
  return [...lists, ...set].filter(line => !line.startsWith('content-length:')).sort();
}
