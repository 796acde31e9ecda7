import type { EventEmitter } from 'node:events';
import { isBodiless, isErrorStatus } from './proxy-result';
import { statusGivenTo, type ResponseStream } from './streaming';

const METADATA_SEPARATOR = new Uint8Array(8);
const METADATA_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';
/** An envelope that is written by hand is shorter; of anything else the log needs no more. */
const MAX_HELD_BACK = 65_536;

/**
 * What a handler writes to: the real stream, except that its end waits for the terminal frame, that it cannot be cut, and
 * that what belongs to an HTTP status of an error is held back: an error leaves as an envelope.
 */
export class GuardedStream {
  /** Something has left, so that the HTTP status is settled. */
  public started = false;
  /** The error the handler destroyed the stream with. */
  public failure?: { readonly error: unknown };
  public readonly stream: ResponseStream;
  private readonly heldBack: Buffer[] = [];
  private heldBackBytes = 0;
  private readonly sources = new Set<unknown>();
  /** What a source failed with whose errors the handler listens to: it may pipe another one. */
  private sourceFailure?: { readonly error: unknown };
  private reportRead?: () => void;
  private closed = false;
  private reportFailure!: () => void;
  private readonly failed = new Promise<void>(resolve => { this.reportFailure = resolve; });
  private readonly overrides: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    write: (...args) => this.write(args),
    end: (...args) => this.end(args),
    destroy: error => this.destroy(error),
    emit: (event, ...args) => this.emit(event, args),
  };

  /** `endByHandler` makes the end, for a handler that ends the stream itself. */
  constructor(private readonly inner: ResponseStream, private readonly endByHandler: (callback?: () => void) => void) {
    this.stream = new Proxy(inner, {
      get: (_target, property) => this.property(property),
      set: (target, property, value) => Reflect.set(target, property, value, target),
    });
  }

  public get ended(): boolean {
    return this.closed || this.inner.writableEnded === true;
  }

  /** The HTTP status that the handler gave with `HttpResponseStream.from`. */
  public get givenStatus(): number | undefined {
    return statusGivenTo(this.inner);
  }

  public get isErrorByHand(): boolean {
    return !this.started && isErrorStatus(this.givenStatus ?? 0);
  }

  /** What the handler wrote as the body of an error. */
  public get bodyOfError(): string {
    return Buffer.concat(this.heldBack).toString('utf8');
  }

  /** Settles some time after the stream was destroyed: until then the handler may say itself what happened. */
  public async destroyedFor(graceMs: number): Promise<void> {
    await this.failed;
    await new Promise(resolve => setTimeout(resolve, graceMs).unref());
  }

  /** Settles once nothing that was piped into the stream is left to be read. */
  public async readSources(): Promise<void> {
    if (this.sources.size > 0 && !this.closed && !this.failure) await new Promise<void>(resolve => { this.reportRead = resolve; });
    if (this.sourceFailure) this.destroy(this.sourceFailure.error);
  }

  /** Gives an error that comes before the first token its HTTP status. Only HTTP callers understand the metadata in front of the body. */
  public setHttpStatus(statusCode: number, contentType: string): void {
    const metadata = JSON.stringify({ statusCode, headers: { 'content-type': contentType } });
    this.inner.setContentType?.(METADATA_CONTENT_TYPE);
    this.inner._onBeforeFirstWrite = write => {
      write(metadata);
      write(METADATA_SEPARATOR);
    };
  }

  /** Writes the terminal frame and ends the real stream; only the first call counts. */
  public finish(frame: string, callback?: () => void): void {
    if (this.closed) return;
    this.closed = true;
    this.reportRead?.();
    if (this.inner.destroyed) return;
    // A status without a body needs the write too: the metadata goes out in front of it.
    this.inner.write(!this.started && isBodiless(this.givenStatus ?? 0) ? '' : frame);
    this.inner.end(callback);
  }

  private write(args: readonly unknown[]): boolean {
    if (this.closed || this.failure) return refuse(args, this.failure ? 'write after destroy' : 'write after end');
    if (!this.started && (this.isErrorByHand || isBodiless(this.givenStatus ?? 0))) return this.holdBack(args);
    this.started = true;
    return (this.inner.write as (...all: readonly unknown[]) => boolean).apply(this.inner, [...args]);
  }

  private holdBack(args: readonly unknown[]): boolean {
    const bytes = bytesOf(args);
    if (this.heldBackBytes < MAX_HELD_BACK) this.heldBack.push(bytes);
    this.heldBackBytes += bytes.length;
    const callback = callbackOf(args);
    if (callback) process.nextTick(callback);
    return true;
  }

  private end(args: readonly unknown[]): ResponseStream {
    const [chunk, encoding] = args.filter(arg => typeof arg !== 'function');
    if (!this.closed && chunk !== undefined && chunk !== null) this.write([chunk, ...(encoding ? [encoding] : [])]);
    if (!this.closed && !this.failure) this.endByHandler(callbackOf(args));
    return this.stream;
  }

  private destroy(error: unknown): ResponseStream {
    if (!this.closed && !this.failure) {
      this.failure = { error: error ?? new Error('The handler destroyed its response stream') };
      this.reportFailure();
      this.reportRead?.();
      // What waits for the end of the stream, as a pipeline does, must not wait for the terminal frame.
      process.nextTick(() => this.inner.emit('close'));
    }
    return this.stream;
  }

  /** Lambda's client would cut the connection at an error. */
  private emit(event: unknown, args: readonly unknown[]): boolean {
    if (event === 'error') return this.destroy(args[0]) === this.stream;
    if (event === 'pipe') this.watchSource(args[0]);
    if (event === 'unpipe') this.sourceRead(args[0]);
    return this.inner.emit(event as string, ...args);
  }

  /** What reads does not tell what it writes to that it has failed, and Node ends the process over an error that nobody listens to. */
  private watchSource(source: unknown): void {
    if (!isEmitter(source)) return;
    this.sources.add(source);
    this.sourceFailure = undefined;
    source.once('close', () => this.sourceRead(source)).once('error', error => {
      this.sourceFailure = { error };
      if (source.listenerCount('error') === 0) this.destroy(error);
    });
  }

  private sourceRead(source: unknown): void {
    this.sources.delete(source);
    if (this.sources.size === 0) this.reportRead?.();
  }

  private property(name: string | symbol): unknown {
    if (typeof name === 'string' && Object.hasOwn(this.overrides, name)) return this.overrides[name];
    if (name === 'writableEnded') return this.closed;
    if (name === 'destroyed') return this.failure !== undefined || this.inner.destroyed;
    const value = Reflect.get(this.inner, name, this.inner) as unknown;
    if (typeof value !== 'function' || name === '_onBeforeFirstWrite') return value;
    return (...args: unknown[]) => {
      const result = (value as (...all: unknown[]) => unknown).apply(this.inner, args);
      // `on` and its like give the stream itself, behind which the handler would reach the real one.
      return isStream(result) ? this.stream : result;
    };
  }
}

/** As Lambda's client would send it. */
function bytesOf([chunk, encoding]: readonly unknown[]): Buffer {
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  if (typeof chunk !== 'string') return Buffer.from(String(JSON.stringify(chunk)));
  return Buffer.from(chunk, typeof encoding === 'string' ? encoding as BufferEncoding : 'utf8');
}

function isEmitter(value: unknown): value is EventEmitter {
  return typeof (value as { once?: unknown } | null | undefined)?.once === 'function';
}

function isStream(value: unknown): boolean {
  return typeof (value as { write?: unknown } | null | undefined)?.write === 'function';
}

function callbackOf(args: readonly unknown[]): (() => void) | undefined {
  return args.find((arg): arg is () => void => typeof arg === 'function');
}

function refuse(args: readonly unknown[], message: string): false {
  const callback = callbackOf(args) as ((error: Error) => void) | undefined;
  callback?.(new Error(message));
  return false;
}
