import { FaultyBedrockServer } from '../../test/support/faulty-bedrock-server/faulty-bedrock-server';
import { LOOPBACK } from '../system/ports';

/** What follows the @ tells the requests of the raw client from others. */
const HANGING_FOR_RAW_CLIENT = 'no-answer@raw';

/** The server of the tests that fails to order, in the place of a Bedrock that never fails. */
export class BedrockStandIn {
  public static async start(): Promise<BedrockStandIn> {
    return new BedrockStandIn(await FaultyBedrockServer.start());
  }

  private constructor(private readonly server: FaultyBedrockServer) {}

  /** Answers. */
  public get url(): string {
    return `http://${LOOPBACK}:${this.server.ports.http1}`;
  }

  /** Refuses every request, as SageMaker does for an endpoint that is not there. */
  public get refusingUrl(): string {
    return `${this.url}/fault/validation`;
  }

  /** Accepts every request of a client that speaks HTTP/2, and never answers. */
  public get hangingHttp2Url(): string {
    return `http://${LOOPBACK}:${this.server.ports.h2c}/fault/${encodeURIComponent(HANGING_FOR_RAW_CLIENT)}`;
  }

  /** How many requests of the raw client arrived. */
  public rawRequests(): number {
    return this.server.requestsOf(HANGING_FOR_RAW_CLIENT).length;
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Where a function of the local stage finds a Bedrock that hangs, or takes no more requests for now. */
export function faultyUrl(bedrockUrl: string, fault: 'no-answer' | 'throttle'): string {
  return `${bedrockUrl}/fault/${fault}`;
}
