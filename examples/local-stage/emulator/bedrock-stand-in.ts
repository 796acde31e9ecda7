import { FaultyBedrockServer } from '../../../test/support/faulty-bedrock-server/faulty-bedrock-server';
import { LOOPBACK } from '../system/ports';

/** What the stand-in does with every request: answer, accept it and never answer, or refuse it for now. */
export type BedrockMood = 'ok' | 'no-answer' | 'throttle';

/** What follows the @ tells these requests from others. */
const RAW_PLAN = 'no-answer@raw';

/** The server of the tests that fails to order, in the place of a Bedrock that never fails. */
export class BedrockStandIn {
  public static async start(): Promise<BedrockStandIn> {
    return new BedrockStandIn(await FaultyBedrockServer.start());
  }

  private constructor(private readonly server: FaultyBedrockServer) {}

  /** For clients that speak HTTP/1.1. */
  public get url(): string {
    return `http://${LOOPBACK}:${this.server.ports.http1}`;
  }

  /** Refuses every request, as SageMaker does for an endpoint that is not there. */
  public get refusingUrl(): string {
    return `${this.url}/fault/validation`;
  }

  /** For clients that speak HTTP/2, which never get an answer here. */
  public get silentHttp2Url(): string {
    return `http://${LOOPBACK}:${this.server.ports.h2c}/fault/${encodeURIComponent(RAW_PLAN)}`;
  }

  public async setMood(mood: BedrockMood): Promise<void> {
    const response = await fetch(`${this.url}/__faults`, { method: 'PUT', body: JSON.stringify([mood]) });
    if (!response.ok) throw new Error(`The Bedrock stand-in did not take the mood ${mood}: ${response.status}`);
  }

  /** How many requests of the raw client arrived. */
  public rawRequests(): number {
    return this.server.requestsOf(RAW_PLAN).length;
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}
