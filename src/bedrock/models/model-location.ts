import { Aws, Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';

/** Where a resource stands: literals for a fixed environment, tokens otherwise. */
export interface ModelLocation {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** With a fixed Region the partition is a literal too, whatever the app's feature flags say. */
export function locationOf(stack: Stack): ModelLocation {
  return { partition: partitionOf(stack.region) ?? Aws.PARTITION, region: stack.region, account: stack.account };
}

/** The partition of a Region; undefined while the Region is not known. */
export function partitionOf(region: string): string | undefined {
  return Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition ?? partitionByPrefix(region);
}

/** For a Region that is newer than the CDK. */
function partitionByPrefix(region: string): string {
  return region.startsWith('us-gov-') ? 'aws-us-gov' : region.startsWith('cn-') ? 'aws-cn' : 'aws';
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
