import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';

/** One request and the way to answer it, alike for HTTP/1.1 and HTTP/2. */
export interface Exchange {
  /** Without the part that names the fault. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly http2: boolean;
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** Resolves when the part is on its way, to false when the other side has gone. */
  write(part: Uint8Array): Promise<boolean>;
  end(part?: Uint8Array): void;
  /** Bytes past HTTP; on HTTP/2, where there are none, the stream is reset. */
  raw(bytes: string): boolean;
  /** RST at once. */
  reset(): void;
  /** The connection ends in good order, the answer does not. */
  close(): void;
  /** False once the other side has gone or the server stops. */
  open(): boolean;
  /** Waits, but not longer than the exchange lasts. False when it has ended. */
  pause(ms: number): Promise<boolean>;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const NGHTTP2_INTERNAL_ERROR = 2;

export function exchangeOf(request: Request, response: Response, path: string): Exchange {
  const http2 = request.httpVersionMajor === 2;
  let gone = false;
  const leave: (() => void)[] = [];
  const leaveNow = () => {
    gone = true;
    leave.splice(0).forEach(callback => callback());
  };
  response.on('close', leaveNow);
  response.on('error', leaveNow);

  const socket = () => (response as ServerResponse).socket as Socket | null;
  const stream = () => (response as Http2ServerResponse).stream;
  const open = () => !gone && !response.destroyed;

  return {
    path,
    headers: request.headers,
    http2,
    open,
    head(status, headers) {
      response.writeHead(status, headers);
      if (!http2) (response as ServerResponse).flushHeaders();
    },
    write: part => new Promise(resolve => {
      if (!open()) return resolve(false);
      leave.push(() => resolve(false));
      (response as ServerResponse).write(part, error => resolve(!error && open()));
    }),
    end: part => { (response as ServerResponse).end(part); },
    raw(bytes) {
      if (http2) return false;
      return socket()?.write(bytes) ?? false;
    },
    reset() {
      if (http2) stream().close(NGHTTP2_INTERNAL_ERROR);
      else socket()?.resetAndDestroy();
    },
    close() {
      if (http2) stream().session?.destroy();
      else socket()?.end();
    },
    pause: ms => new Promise(resolve => {
      if (!open()) return resolve(false);
      const timer = setTimeout(() => resolve(open()), ms);
      leave.push(() => {
        clearTimeout(timer);
        resolve(false);
      });
    }),
  };
}
