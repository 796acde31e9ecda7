import type { Context } from 'aws-lambda';
import { statusOf } from './proxy-result';

type BeforeFirstWrite = (write: (chunk: unknown) => void) => void;

/** Lambda's response stream, as its runtime interface client makes it. */
export interface ResponseStream extends NodeJS.WritableStream {
  _onBeforeFirstWrite?: BeforeFirstWrite;
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
  setContentType?(contentType: string): void;
}

/** A handler that streams, as Lambda calls it. */
export type StreamCall = (event: unknown, stream: ResponseStream, context: Context) => unknown;

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
/** What is no status of HTTP can only be meant for a failure. */
const INVALID_STATUS = 599;

/** Marks a handler as one that streams, for Lambda's client; `handler` is the one that it calls. */
export function asStreaming(wrapped: StreamCall, handler: unknown): StreamCall {
  const highWaterMark = (handler as { [HIGH_WATER_MARK]?: unknown })[HIGH_WATER_MARK];
  return Object.assign(wrapped, { [STREAMING]: 'response', [HIGH_WATER_MARK]: highWaterMark });
}

export function isStreaming(handler: unknown): boolean {
  return typeof handler === 'function' && (handler as { [STREAMING]?: unknown })[STREAMING] !== undefined;
}

/** The HTTP status that a handler gave with `HttpResponseStream.from`. */
export function statusGivenTo(stream: ResponseStream): number | undefined {
  if (!stream._onBeforeFirstWrite) return undefined;
  const chunks: unknown[] = [];
  stream._onBeforeFirstWrite(chunk => chunks.push(chunk));
  try {
    const { statusCode } = JSON.parse(String(chunks[0])) as { statusCode?: unknown };
    // Lambda takes 200 where there is none, and JSON has made null of NaN.
    return statusCode === undefined ? undefined : statusOf({ statusCode: statusCode as number }) ?? INVALID_STATUS;
  } catch {
    return undefined;
  }
}
