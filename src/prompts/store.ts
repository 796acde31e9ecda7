import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PROMPT_REGISTRY } from '../contract/data';

/** Where prompts are kept. */
export interface PromptStore {
  readonly bucket: IBucket;
  readonly table: ITable;
  /** Encrypts the bucket and the table. */
  readonly encryptionKey: IKey;
  /** Signs what is kept; none in the sandbox, where anybody may publish. */
  readonly signingKey?: IKey;
}

/** A registry, as who grants from it sees it. */
export interface Registry {
  /** What errors are about, and warnings. */
  readonly scope: Construct;
  /** In the order of promotion. */
  readonly environments: readonly string[];
  readonly store: PromptStore;
  readonly sandbox?: PromptStore;
}

/** What the environment without gates is called. */
export const [SANDBOX] = PROMPT_REGISTRY.ungatedEnvironments;
