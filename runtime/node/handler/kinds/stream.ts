import type { Context } from 'aws-lambda';
import { guardStream, isHttpEvent, setHttpStatus, type GuardedStream, type ResponseStream } from './guarded-stream';
import { Outcome } from './outcome';
import { terminalFrame } from './terminal-frame';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { success, toErrorEnvelope } from '../../envelope/envelope';
import { isEnvelope } from '../../envelope/envelope-check';
import { codeRule, type ErrorCode } from '../../envelope/error-mapping';
import { currentInvocation, newInvocation, withInvocation } from '../../telemetry/invocation';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import { guard } from '../guard';
import type { UserStreamHandler } from '../user-handler';

type StreamCall = (event: unknown, stream: ResponseStream, context: Context) => unknown;

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

/** Tokens pass untouched; the envelope is the last frame. What the handler returns is the data of that frame. */
export function streamHandler(handler: UserStreamHandler): StreamCall {
  const call = handler as StreamCall;
  const wrapped = async (event: unknown, responseStream: ResponseStream, context: Context): Promise<void> => {
    if (currentInvocation()) return void await call(event, responseStream, context);
    const invocation = newInvocation('STREAM', event, context);
    return withInvocation(invocation, async () => {
      const outcome = new Outcome(invocation);
      const guarded = guardStream(responseStream, () => terminalFrame(success()));
      const errorCode = await finishStream(guarded, event, () => guard(invocation, async () => call(event, guarded.stream, context)));
      outcome.record(errorCode);
    });
  };
  return Object.assign(wrapped, { [STREAMING]: 'response', [HIGH_WATER_MARK]: (handler as { [HIGH_WATER_MARK]?: unknown })[HIGH_WATER_MARK] });
}

export function isStreaming(handler: unknown): boolean {
  return typeof handler === 'function' && (handler as { [STREAMING]?: unknown })[STREAMING] !== undefined;
}

async function finishStream(guarded: GuardedStream, event: unknown, work: () => Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    const returned = await work();
    if (guarded.ended) return undefined;
    const envelope = isEnvelope(returned) ? returned : success(returned);
    guarded.finish(terminalFrame(envelope));
    return envelope.error?.code;
  } catch (error) {
    return finishWithError(guarded, event, error);
  }
}

function finishWithError(guarded: GuardedStream, event: unknown, error: unknown): ErrorCode {
  const envelope = toErrorEnvelope(error);
  const code = envelope.error!.code;
  if (guarded.ended) {
    logEvent('error', LOG_EVENTS.strayError, { support_ref: envelope.error!.support_ref, after_answer: true });
    return code;
  }
  if (!guarded.started && isHttpEvent(event)) setHttpStatus(guarded.stream, codeRule(code).httpStatus, RUNTIME_ENVIRONMENT.stream.contentType);
  guarded.finish(terminalFrame(envelope));
  return code;
}
