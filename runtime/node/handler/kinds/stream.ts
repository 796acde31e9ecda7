import type { Context } from 'aws-lambda';
import { GuardedStream } from './guarded-stream';
import { isHttpEvent } from './http-event';
import { ownErrorOf } from './own-error';
import { isClientError, MAX_LOGGED_BODY } from './proxy-result';
import { asStreaming, type ResponseStream, type StreamCall } from './streaming';
import { RUNTIME_ENVIRONMENT } from '../../../../src/contract/data';
import { EnvelopeError, success, toErrorEnvelope, type Envelope } from '../../envelope/envelope';
import { codeRule, type ErrorCode } from '../../envelope/error-mapping';
import { tryCheckedEnvelope } from '../../envelope/returned-envelope';
import { terminalFrame } from '../../envelope/terminal-frame';
import { LOG_EVENTS, logEvent } from '../../telemetry/log';
import { redactStart } from '../../telemetry/redaction';
import { isError } from '../../telemetry/thrown';
import { ownContext } from '../call/own-context';
import { standardCall } from '../call/standard-call';
import type { UserStreamHandler } from '../call/user-handler';

/** A handler whose stream was destroyed may take this long to say what happened. */
const GRACE_MS = 1000;

/** Tokens pass untouched; the envelope is the last frame. What the handler returns is the data of that frame. */
export function streamHandler(handler: UserStreamHandler): StreamCall {
  const call = handler as StreamCall;
  const wrapped = (event: unknown, responseStream: ResponseStream, context: Context): Promise<void> => {
    const run = async (stream: ResponseStream): Promise<unknown> => {
      const returned = await call(event, stream, ownContext(context));
      if (isError(returned)) throw returned;
      return returned;
    };
    doNotWaitForEmptyEventLoop(context);
    const bare = async (): Promise<void> => void await run(responseStream);
    return standardCall({ kind: 'STREAM', event, context, bare }, async ({ guarded, record }) => {
      const answer = new StreamAnswer(responseStream, event);
      record(await answer.finishAfter(() => guarded(async () => {
        const returned = await run(answer.stream);
        await answer.readSources();
        return returned;
      })));
    });
  };
  return asStreaming(wrapped, handler);
}

/** Node.js 22 would take the next request only when the handler has left no timer and no socket behind. */
function doNotWaitForEmptyEventLoop(context: Context): void {
  if (typeof context !== 'object' || context === null || !('callbackWaitsForEmptyEventLoop' in context)) return;
  context.callbackWaitsForEmptyEventLoop = false;
}

/** The one end of a stream, whoever makes it: what the handler returns or throws, its own `end`, or its `destroy`. */
class StreamAnswer {
  private errorCode?: ErrorCode;
  /** Of an error that the handler wrote by itself. */
  private ownStatus?: number;
  private readonly guarded: GuardedStream;

  constructor(responseStream: ResponseStream, private readonly event: unknown) {
    this.guarded = new GuardedStream(responseStream, callback => this.finish(this.envelopeFor(undefined), callback));
  }

  public get stream(): ResponseStream {
    return this.guarded.stream;
  }

  /** Waits for what the handler has piped and left to go on, as Lambda itself would. */
  public readSources(): Promise<void> {
    return this.guarded.readSources();
  }

  public async finishAfter(work: () => Promise<unknown>): Promise<ErrorCode | undefined> {
    try {
      const returned = await Promise.race([work(), this.guarded.destroyedFor(GRACE_MS)]);
      if (!this.guarded.ended) this.finish(this.envelopeFor(returned));
    } catch (error) {
      this.finishWithError(error);
    }
    return this.errorCode;
  }

  private envelopeFor(returned: unknown): Envelope {
    const { failure, isErrorByHand } = this.guarded;
    const own = tryCheckedEnvelope(returned);
    if (own) return own;
    if (failure) return toErrorEnvelope(failure.error);
    return isErrorByHand ? this.envelopeByHand() : success(returned);
  }

  /** An error that the handler wrote with an HTTP status of its own: the same as a failed proxy result. */
  private envelopeByHand(): Envelope {
    const { bodyOfError: body, givenStatus } = this.guarded;
    const value = parsed(body);
    const own = tryCheckedEnvelope(value);
    if (own?.status === 'error') return own;
    const isOfClient = isClientError(givenStatus ?? 0);
    logEvent(isOfClient ? 'warn' : 'error', LOG_EVENTS.envelopeViolation, {
      reason: 'error body is no envelope', status_code: givenStatus, body: redactStart(body, MAX_LOGGED_BODY),
    });
    if (!isOfClient) return toErrorEnvelope(new EnvelopeError('INTERNAL_ERROR'));
    this.ownStatus = givenStatus;
    return toErrorEnvelope(ownErrorOf(givenStatus!, own || value === undefined ? { value: null } : { value, json: body }));
  }

  private finish(envelope: Envelope, callback?: () => void): void {
    const frame = terminalFrame(envelope);
    const code = envelope.error?.code;
    const { started, givenStatus } = this.guarded;
    if (envelope.status === 'error' && code && !started && (isHttpEvent(this.event) || givenStatus !== undefined)) {
      this.guarded.setHttpStatus(this.ownStatus ?? codeRule(code).httpStatus, RUNTIME_ENVIRONMENT.stream.contentType);
    }
    this.errorCode = code;
    this.guarded.finish(frame, callback);
  }

  private finishWithError(error: unknown): void {
    const envelope = toErrorEnvelope(error);
    if (!this.guarded.ended) return this.finish(envelope);
    this.errorCode = envelope.error!.code;
    logEvent('error', LOG_EVENTS.strayError, { support_ref: envelope.error!.support_ref, after_answer: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
