import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import type * as clients from './standard-clients';

/** The one way to a client of Amazon Bedrock that cannot hang. */
export class BedrockClientFactory {
  /**
   * The SDK's own client, with time-outs, retries, Regions and telemetry by the standard. The same one for the same task type and Regions.
   * Create it outside the handler, so that its connections outlive one invocation.
   *
   * It has a method for each command: `client.converse({ … })`. `client.send(new ConverseCommand({ … }))` works too, but the import of
   * the command loads a second SDK, which costs a start tens of milliseconds.
   *
   * @throws when the task type is not in the standard, when the Region is none, or has no fallback Region in its partition
   */
  public static create(props: clients.BedrockClientProps): BedrockRuntime {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- functions that never call Bedrock must not load the SDK
    const { standardClient } = require('./standard-clients') as typeof clients;
    return standardClient(props);
  }
}
