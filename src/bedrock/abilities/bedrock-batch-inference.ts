import { IRole } from 'aws-cdk-lib/aws-iam';
import { BedrockDataLocation } from './bedrock-data-location';

/** What a role that starts batch inference works with. */
export interface BedrockBatchInference {
  /** The models that may run in a batch: foundation-model ids and ARNs of custom models. */
  readonly models: string[];

  /** Where the prompts are. The role may write them. */
  readonly input: BedrockDataLocation;

  /** Where Bedrock writes the answers. The role may read them. */
  readonly output: BedrockDataLocation;

  /** The role that Bedrock assumes for the job. It is passed to Bedrock and to nobody else. */
  readonly serviceRole: IRole;
}
