import { Readable } from 'node:stream';
import type { HttpHandlerOptions, HttpResponse } from '@smithy/types';
import type { HttpRequest, TransportOptions } from './exchange-request';
import { Http1Handler } from './http1-handler';
import { Http2Handler } from './http2-handler';
import { teachingText } from '../../../../src/contract/teaching-error';
import { currentAttempt } from '../retry/attempt';

/** The client's request handler: HTTP/2 for requests that are streams themselves, HTTP/1.1 for all others. */
export class Transport {
  public readonly metadata = { handlerProtocol: 'http/1.1' };
  private readonly http1: Http1Handler;
  private http2: Http2Handler | undefined;

  public constructor(private readonly options: TransportOptions) {
    this.http1 = new Http1Handler(options);
  }

  /** What a call site passes as `requestTimeout` is not the policy, and is left aside. */
  public async handle(
    request: HttpRequest, { abortSignal, isEventStream = false }: HttpHandlerOptions & { isEventStream?: boolean } = {},
  ): Promise<{ response: HttpResponse }> {
    const attempt = currentAttempt();
    if (!attempt) throw notACall();
    const exchange = { request, attempt, callerSignal: abortSignal, answersWithStream: isEventStream };
    if (!(request.body instanceof Readable)) return this.http1.handle(exchange);
    this.http2 ??= new Http2Handler(this.options);
    return this.http2.handle(exchange);
  }

  public destroy(): void {
    this.http1.destroy();
    this.http2?.destroy();
  }

  /** The SDK and its plugins set defaults this way; the policy has no place for them. */
  public updateHttpClientConfig(): void {
    return undefined;
  }

  public httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function notACall(): Error {
  return new Error(teachingText('cdk-plumbline/runtime', {
    problem: 'the request handler of the client was used without the client',
    given: 'client.config.requestHandler.handle(…)',
    allowed: 'client.send(command)',
    fix: 'send a command',
  }));
}
