import type { Context } from 'aws-lambda';
import { errorCodeOfStatus, reportChange, type EnvelopeChange } from './envelope-change';
import { isHttpEvent } from './http-event';
import { isBodiless, isServerError } from './proxy-result';
import { asStreaming, statusGivenTo, type ResponseStream, type StreamCall } from './streaming';
import { errorBody } from '../../envelope/envelope';
import { codeRule, errorCodeOf, FALLBACK_CODE, SUCCESS_STATUS, type ErrorCode } from '../../envelope/error-mapping';
import type { EnvelopeMode } from '../../telemetry/settings';
import { isError } from '../../telemetry/thrown';
import { ownContext } from '../call/own-context';
import { standardCall } from '../call/standard-call';
import type { UserStreamHandler } from '../call/user-handler';

/**
 * The handler writes to Lambda's own stream, and no frame is added; errors end it as Lambda alone would. Both are counted, and errors
 * logged. With LOG_ONLY the log also says that the envelope would be the last frame.
 */
export function untouchedStreamHandler(handler: UserStreamHandler, envelope: Exclude<EnvelopeMode, 'ON'>): StreamCall {
  const isTried = envelope === 'LOG_ONLY';
  const call = handler as StreamCall;
  const wrapped = (event: unknown, stream: ResponseStream, context: Context): Promise<unknown> => {
    const bare = async (): Promise<unknown> => call(event, stream, ownContext(context));
    return standardCall({ kind: 'STREAM', event, context, bare }, async ({ watched, record }) => {
      try {
        const returned = await watched(bare);
        const status = statusGivenTo(stream) ?? (isHttpEvent(event) ? SUCCESS_STATUS : undefined);
        const errorCode = isError(returned) ? errorCodeOf(returned) : errorCodeOfStatus(status ?? SUCCESS_STATUS);
        if (isTried) reportChange(changeOf(status, errorCode));
        record(errorCode);
        return returned;
      } catch (error) {
        const { code } = errorBody(error);
        if (isTried) reportChange({ reason: 'thrown', ...(isHttpEvent(event) && { after: codeRule(code).httpStatus }), errorCode: code });
        record(code);
        throw error;
      }
    });
  };
  return asStreaming(wrapped, handler);
}

function changeOf(before: number | undefined, errorCode?: ErrorCode): EnvelopeChange | undefined {
  if (isBodiless(before ?? SUCCESS_STATUS)) return undefined;
  const after = before !== undefined && isServerError(before) ? codeRule(FALLBACK_CODE).httpStatus : before;
  return { reason: 'last_frame', before, after, errorCode };
}
