import type { Context } from 'aws-lambda';
import { errorCodeOfResult, reportChange, tryEnvelope, type EnvelopeChange } from './envelope-change';
import { isHttpEvent, isPlainAnswerTaken } from './http-event';
import { errorBody } from '../../envelope/envelope';
import { codeRule, SUCCESS_STATUS, type ErrorCode } from '../../envelope/error-mapping';
import type { EnvelopeMode, HandlerKind } from '../../telemetry/settings';
import { isError } from '../../telemetry/thrown';
import { standardCall } from '../call/standard-call';
import { callAsLambda, type UserHandler } from '../call/user-handler';

type WithoutEnvelope = Exclude<EnvelopeMode, 'ON'>;
type BufferedKind = Exclude<HandlerKind, 'STREAM'>;

/**
 * Results leave as the handler gave them, and errors as Lambda alone would let them leave; both are counted, and errors logged.
 * With LOG_ONLY the log also says what the envelope would change.
 */
export function untouchedHandler(
  handler: UserHandler, kind: BufferedKind, envelope: WithoutEnvelope,
): (event: unknown, context: Context) => Promise<unknown> {
  const isTried = envelope === 'LOG_ONLY';
  return (event, context) => {
    const caller = kind !== 'EVENT' && isHttpEvent(event) ? 'API' : 'EVENT';
    const call = () => callAsLambda(handler, event, context);
    return standardCall({ kind: caller, event, context, bare: call }, async ({ watched, record }) => {
      try {
        const returned = await watched(call);
        const { errorCode, change } = trialOf(returned);
        if (isTried) reportChange(change);
        record(errorCode);
        return returned;
      } catch (error) {
        const { code } = errorBody(error);
        if (isTried) reportChange(caller === 'API' ? { reason: 'thrown', after: codeRule(code).httpStatus, errorCode: code } : refusal());
        record(code);
        throw error;
      }
    });

    function trialOf(returned: unknown): { readonly errorCode?: ErrorCode; readonly change?: EnvelopeChange } {
      if (caller === 'EVENT') return { change: isError(returned) ? { reason: 'error_result' } : refusal() };
      if (!isTried) return { errorCode: errorCodeOfResult(returned) };
      return tryEnvelope(returned, isPlainAnswerTaken(event) ? SUCCESS_STATUS : undefined);
    }

    function refusal(): EnvelopeChange | undefined {
      return kind === 'API' && caller === 'EVENT' ? { reason: 'not_http' } : undefined;
    }
  };
}
