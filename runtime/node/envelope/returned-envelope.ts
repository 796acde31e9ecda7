import { currentRequestId, isErrorAsData, leaks, success, type Envelope, type EnvelopeErrorBody } from './envelope';
import { isEnvelope } from './envelope-check';
import { codeRule } from './error-mapping';
import { newSupportRef } from './support-ref';
import { ERROR_CODES } from '../../../src/contract/data';
import { LOG_EVENTS, logEvent } from '../telemetry/log';

const { pattern, maxLength } = ERROR_CODES.envelopeIds;
const ID = new RegExp(pattern);

/** The envelope for whatever a handler returned. Throws an error that was returned, for it is one that was forgotten to be thrown. */
export function envelopeOfReturned(returned: unknown): Envelope {
  if (isErrorAsData(returned)) throw returned;
  return tryCheckedEnvelope(returned) ?? success(returned);
}

/** An envelope of the handler's own, made anew from fields that may leave; undefined for a value that is no envelope. */
export function tryCheckedEnvelope(value: unknown): Envelope | undefined {
  if (!isEnvelope(value)) return undefined;
  const { status, request_id: requestId, data, error } = value;
  if (isErrorAsData(data)) throw data;
  return { status, request_id: checkedRequestId(requestId), data: data ?? null, error: error && checkedError(error) };
}

function checkedRequestId(given: string): string {
  const current = currentRequestId();
  if (given === current || isHarmlessId(given)) return given;
  logViolation('request_id leaks', { leaked_id: given });
  return current;
}

function checkedError({ code, message, retryable, support_ref: given }: EnvelopeErrorBody): EnvelopeErrorBody {
  const support_ref = isHarmlessId(given) ? given : newSupportRef();
  if (support_ref !== given) logViolation('support_ref leaks', { support_ref, leaked_id: given });
  if (!leaks(message)) return { code, message, retryable, support_ref };
  logViolation('message leaks', { support_ref, leaked_message: message });
  return { code, message: codeRule(code).message, retryable, support_ref };
}

function logViolation(reason: string, fields: Record<string, string>): void {
  logEvent('error', LOG_EVENTS.envelopeViolation, { reason, ...fields });
}

function isHarmlessId(id: string): boolean {
  return id.length <= maxLength && ID.test(id) && !leaks(id);
}
