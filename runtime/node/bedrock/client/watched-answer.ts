import { bodyOf } from './sent-call';
import { eventStreamMember, watchedStream } from './watched-stream';
import { type FailureKind, failureKind } from '../retry/failure-kind';
import { toldError } from '../retry/told-error';

/** What is told of an answer that comes as a stream. */
export interface StreamReport {
  /** One event, before its reader has it. */
  streamed(event: unknown): void;
  /** The reader has all of it, or has left. */
  streamEnded(outcome: 'success' | 'left'): void;
  /** It began well and broke off. */
  streamFailed(error: unknown, kind: FailureKind | undefined): void;
}

/** Has the stream of an answer, if it is one, told to the report; the caller reads it as before. */
export function watchAnswer(answer: { readonly output: object; readonly response: unknown }, report: StreamReport, service?: string): void {
  const { output, response } = answer;
  const events = eventStreamMember(output);
  if (!events) return;
  const [member, stream] = events;
  const watched = watchedStream(stream, {
    onEvent: event => report.streamed(event),
    onEnd: () => report.streamEnded('success'),
    onError: error => {
      const kind = failureKind(error);
      const told = toldError(error, kind, service);
      report.streamFailed(told, kind);
      return told;
    },
    onLeft: () => {
      bodyOf(response)?.destroy();
      report.streamEnded('left');
    },
  });
  Object.assign(output, { [member]: watched });
}
