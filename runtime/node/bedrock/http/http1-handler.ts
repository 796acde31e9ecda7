import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpResponse } from '@smithy/types';
import { connectTimedAgents } from './connect-timed-agents';
import { streamBody, wholeBody } from './guarded-body';
import { guardedExchange } from './guarded-exchange';
import type { ExchangeRequest, TransportOptions } from './transport';

/**
 * HTTP/1.1 with limits that hold. The SDK's own handler does the work, with its timers off: they begin late, end with the headers,
 * and stay silent while TLS hangs.
 */
export class Http1Handler {
  private readonly inner: NodeHttpHandler;

  public constructor(options: TransportOptions) {
    this.inner = new NodeHttpHandler(connectTimedAgents(options));
  }

  public async handle({ request, attempt, callerSignal, answersWithStream }: ExchangeRequest): Promise<{ response: HttpResponse }> {
    return guardedExchange({
      attempt,
      callerSignal,
      send: abortSignal => this.inner.handle(request, { abortSignal }),
      takeBody: (response, body, exchange) =>
        answersWithStream && response.statusCode < 300 ? streamBody(response, body, exchange) : wholeBody(body, exchange),
    });
  }

  public destroy(): void {
    this.inner.destroy();
  }
}
