import { Aws, Stack, Token } from 'aws-cdk-lib';
import { ModelLocation } from '../../contract/model-reference';
import { partitionOf } from '../../contract/regions';

/** With a fixed Region the partition is a literal too, whatever the app's feature flags say. */
export function locationOf(stack: Stack): ModelLocation {
  return { partition: partitionIfKnown(stack.region) ?? Aws.PARTITION, region: stack.region, account: stack.account };
}

function partitionIfKnown(region: string): string | undefined {
  return Token.isUnresolved(region) ? undefined : partitionOf(region).name;
}

/** Whether two locations are known to be in different partitions. */
export function differs(known: string, other: string): boolean {
  return !Token.isUnresolved(known) && !Token.isUnresolved(other) && known !== other;
}

/** The ARN of a Bedrock resource of an account. */
export function bedrockArn({ partition, region, account }: ModelLocation, resource: string): string {
  return `arn:${partition}:bedrock:${region}:${account}:${resource}`;
}

/** The exact ARN of a foundation model. Foundation models belong to no account. */
export function foundationModelArn(id: string, { partition, region }: Pick<ModelLocation, 'partition' | 'region'>): string {
  return `arn:${partition}:bedrock:${region}::foundation-model/${id}`;
}
