import { BedrockDataLocation } from './bedrock-data-location';

/** What a role that invokes models asynchronously works with. */
export interface BedrockAsyncInvoke {
  /** The models that may be invoked asynchronously, by foundation-model id. */
  readonly models: string[];

  /** Where the results go. Bedrock writes them with the role's own permissions, and the role may read them. */
  readonly output: BedrockDataLocation;
}
