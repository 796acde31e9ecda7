import type { ClientHttp2Stream, SecureClientSessionOptions } from 'node:http2';
import * as net from 'node:net';
import { Readable } from 'node:stream';
import * as tls from 'node:tls';
import { NodeHttp2Handler } from '@smithy/node-http-handler';
import type { HttpResponse } from '@smithy/types';
import { streamBody, wholeBody } from './answer-body';
import { boundedExchange } from './bounded-exchange';
import { timed } from './connect-timed-agents';
import type { ExchangeRequest, TransportOptions } from './exchange-request';

type InnerOptions = Parameters<NodeHttp2Handler['handle']>[1];

/**
 * HTTP/2 for streams that go both ways; nothing else needs it. Such a stream may last and the other side may rightly wait for more input,
 * so only the silence of both is limited.
 */
export class Http2Handler {
  private readonly inner: NodeHttp2Handler;

  public constructor(options: TransportOptions) {
    this.inner = new NodeHttp2Handler({
      disableConcurrentStreams: true,
      // The handler's own limit ends the session without an error, as if the answer were complete.
      sessionTimeout: 0,
      nodeHttp2ConnectOptions: connectOptions(options),
    });
  }

  public async handle({ request, attempt, callerSignal }: ExchangeRequest): Promise<{ response: HttpResponse }> {
    const sent = request.body as Readable;
    const touch = () => attempt.clock?.touch();
    sent.on('data', touch);
    const stopSending = () => { sent.off('data', touch).destroy(); };
    try {
      return await boundedExchange({
        attempt,
        callerSignal,
        send: (abortSignal, fail) => {
          sent.once('error', fail);
          return this.inner.handle(request, { abortSignal, isEventStream: true } as InnerOptions).catch(brokenConnection);
        },
        takeBody: (response, body, { clock, settle }) => {
          const settleBoth = () => {
            settle();
            stopSending();
          };
          const exchange = { clock, settle: settleBoth, isWhole: endOf(body) };
          return response.statusCode < 300 ? streamBody(response, body, exchange) : wholeBody(response, body, exchange);
        },
      });
    } catch (error) {
      stopSending();
      throw error;
    }
  }

  public destroy(): void {
    this.inner.destroy();
  }
}

function connectOptions({ ca }: TransportOptions): SecureClientSessionOptions {
  return {
    createConnection: ({ protocol, hostname, port }) => {
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      if (protocol === 'http:') return timed(net.connect({ host, port: Number(port || 80) }), 'connect');
      const servername = net.isIP(host) ? undefined : host;
      return timed(tls.connect({ host, port: Number(port || 443), servername, ALPNProtocols: ['h2'], ca }), 'secureConnect');
    },
  };
}

/** To Node, and so to the SDK, a stream that was cut off is one that is complete; it only never came to its end. */
function endOf(body: Readable): () => boolean {
  let whole = false;
  // Before the SDK's listener, which destroys the session, after which every stream counts as aborted.
  body.prependOnceListener('end', () => {
    const { aborted, rstCode } = body as unknown as ClientHttp2Stream;
    whole = !aborted && !rstCode;
  });
  return () => whole;
}

/** The SDK tells a stream that was reset before its headers, or whose session ended, by a bare Error in words of its own. */
function brokenConnection(error: Error): never {
  throw Object.getPrototypeOf(error) === Error.prototype && !('code' in error) && error.name !== 'AbortError'
    ? Object.assign(error, { code: 'ECONNRESET' })
    : error;
}
