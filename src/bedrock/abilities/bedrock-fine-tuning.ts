import { IRole } from 'aws-cdk-lib/aws-iam';
import { BedrockDataLocation } from './bedrock-data-location';

/** What a role that customises models works with. */
export interface BedrockFineTuning {
  /** The foundation models that may be customised, by id. */
  readonly baseModels: string[];

  /** Where the training data is. The role may read it. */
  readonly trainingData: BedrockDataLocation;

  /** Where Bedrock writes metrics and logs of the job. The role may read it. */
  readonly output: BedrockDataLocation;

  /** The role that Bedrock assumes for the job. It is passed to Bedrock and to nobody else. */
  readonly customizationRole: IRole;

  /**
   * Why models are customised in production.
   *
   * @default - none: refused in an environment called prod or production
   */
  readonly productionReason?: string;
}
