import type { ClientPolicy } from './client-policy';
import { isRegion, partitionOf } from '../../../../src/contract/regions';
import { teachingText } from '../../../../src/contract/teaching-error';

export interface RegionPair {
  readonly primary: string;
  readonly fallback: string | undefined;
}

/** Where a client calls, and where it may go when calls fail there. */
export function regionPair(
  given: { readonly region?: string; readonly allowCrossRegion: boolean }, { regions }: ClientPolicy, env: NodeJS.ProcessEnv,
): RegionPair {
  const primary = given.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || regions.primary);
  if (!isRegion(primary)) {
    throw new Error(teachingText('BedrockClientFactory.create', {
      problem: 'the Region is not one', given: primary, allowed: 'a Region code like "us-east-1"', fix: 'leave `region` out to use the Region of the function',
    }));
  }
  if (!given.allowCrossRegion) return { primary, fallback: undefined };
  if (partitionOf(primary).name !== partitionOf(regions.fallback).name) {
    throw new Error(teachingText('BedrockClientFactory.create', {
      problem: 'there is no fallback Region in this partition',
      given: `allowCrossRegion: true in ${primary}`,
      allowed: `Regions of the partition of ${regions.fallback}`,
      fix: 'leave `allowCrossRegion` out here',
    }));
  }
  return { primary, fallback: primary === regions.fallback ? regions.primary : regions.fallback };
}
