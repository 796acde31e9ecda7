import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpResponse } from '@smithy/types';
import { streamBody, wholeBody } from './answer-body';
import { boundedExchange } from './bounded-exchange';
import { ConnectTimedAgents, connectTimedAgents } from './connect-timed-agents';
import type { ExchangeRequest, TransportOptions } from './exchange-request';

/**
 * HTTP/1.1 with limits that hold. The SDK's own handler does the work, with its timers off: they begin late, end with the headers,
 * and stay silent while TLS hangs.
 */
export class Http1Handler {
  private readonly agents: ConnectTimedAgents;
  private readonly inner: NodeHttpHandler;

  public constructor(options: TransportOptions) {
    this.agents = connectTimedAgents(options);
    this.inner = new NodeHttpHandler(this.agents);
  }

  public async handle({ request, attempt, callerSignal, answersWithStream }: ExchangeRequest): Promise<{ response: HttpResponse }> {
    return boundedExchange({
      attempt,
      callerSignal,
      send: async abortSignal => {
        if (attempt.freshConnection) closeIdleConnections(this.agents);
        return this.inner.handle(request, { abortSignal });
      },
      takeBody: (response, body, exchange) =>
        answersWithStream && response.statusCode < 300 ? streamBody(response, body, exchange) : wholeBody(response, body, exchange),
    });
  }

  public destroy(): void {
    this.inner.destroy();
  }
}

function closeIdleConnections({ httpAgent, httpsAgent }: ConnectTimedAgents): void {
  for (const { freeSockets } of [httpAgent, httpsAgent]) {
    for (const sockets of Object.values(freeSockets)) sockets?.forEach(socket => socket.destroy());
  }
}
