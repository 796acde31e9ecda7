import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type * as bedrock from './bedrock/bedrock-client-factory';

/** The one way to a client of Amazon Bedrock that cannot hang. */
export class BedrockClientFactory {
  /**
   * The SDK's own client, with time-outs, retries, Regions and telemetry by the standard. The same one for the same task type and Regions.
   * Create it outside the handler, so that its connections outlive one invocation.
   */
  public static create(props: bedrock.BedrockClientProps): BedrockRuntimeClient {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- functions that never call Bedrock must not load the SDK
    const { BedrockClientFactory: factory } = require('./bedrock/bedrock-client-factory') as typeof bedrock;
    return factory.create(props);
  }
}
