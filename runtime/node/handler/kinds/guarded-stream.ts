/** Lambda's response stream, as its runtime interface client makes it. */
export interface ResponseStream extends NodeJS.WritableStream {
  _onBeforeFirstWrite?: (write: (chunk: unknown) => void) => void;
  readonly writableEnded?: boolean;
  readonly destroyed?: boolean;
  setContentType?(contentType: string): void;
}

/** What a handler writes to: the real stream, except that its end waits for the terminal frame. */
export interface GuardedStream {
  readonly stream: ResponseStream;
  readonly started: boolean;
  readonly ended: boolean;
  /** Writes the terminal frame and ends the real stream; only the first call counts. */
  finish(frame: string, callback?: () => void): void;
}

const METADATA_SEPARATOR = new Uint8Array(8);
const METADATA_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';

/** Puts a stream between the handler and Lambda's; `frameAtEnd` gives the frame for a handler that ends the stream itself. */
export function guardStream(inner: ResponseStream, frameAtEnd: () => string): GuardedStream {
  const state = { started: false, ended: false };

  const finish = (frame: string, callback?: () => void): void => {
    if (state.ended) return;
    state.ended = true;
    if (inner.destroyed) return;
    inner.write(frame);
    inner.end(callback);
  };

  const write = (...args: unknown[]): boolean => {
    if (state.ended) return fail(args, 'write after end');
    state.started = true;
    return (inner.write as (...all: unknown[]) => boolean).apply(inner, args);
  };

  const end = (...args: unknown[]): ResponseStream => {
    const callback = args.find((arg): arg is () => void => typeof arg === 'function');
    const [chunk, encoding] = args.filter(arg => typeof arg !== 'function');
    if (!state.ended && chunk !== undefined && chunk !== null) write(chunk, ...(encoding ? [encoding] : []));
    finish(frameAtEnd(), callback);
    return stream;
  };

  const stream = new Proxy(inner, {
    get: (target, property) => {
      if (property === 'write') return write;
      if (property === 'end') return end;
      if (property === 'writableEnded') return state.ended;
      const value = Reflect.get(target, property, target) as unknown;
      return typeof value === 'function' && property !== '_onBeforeFirstWrite' ? value.bind(target) : value;
    },
    set: (target, property, value) => Reflect.set(target, property, value, target),
  });

  return {
    stream,
    finish,
    get started() { return state.started; },
    get ended() { return state.ended || inner.writableEnded === true; },
  };
}

/** Gives an error that comes before the first token its HTTP status. Only HTTP callers understand the metadata in front of the body. */
export function setHttpStatus(stream: ResponseStream, statusCode: number, contentType: string): void {
  const metadata = JSON.stringify({ statusCode, headers: { 'content-type': contentType } });
  stream.setContentType?.(METADATA_CONTENT_TYPE);
  stream._onBeforeFirstWrite = write => {
    write(metadata);
    write(METADATA_SEPARATOR);
  };
}

/** An event of API Gateway or of a function URL. */
export function isHttpEvent(event: unknown): boolean {
  const context = (event as { requestContext?: { http?: unknown; httpMethod?: unknown } } | null | undefined)?.requestContext;
  return context?.http !== undefined || context?.httpMethod !== undefined;
}

function fail(args: readonly unknown[], message: string): false {
  const callback = args.find((arg): arg is (error: Error) => void => typeof arg === 'function');
  callback?.(new Error(message));
  return false;
}
