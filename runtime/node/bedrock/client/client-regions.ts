import type { ClientPolicy } from './client-policy';
import { isKnownRegion, isRegion, partitionOf } from '../../../../src/contract/regions';
import { teachingText } from '../../../../src/contract/teaching-error';

export interface RegionPair {
  readonly primary: string;
  readonly fallback: string | undefined;
}

/** Where a client calls, and where it may go when calls fail there. */
export function regionPair(
  given: { readonly region?: string; readonly allowCrossRegion: boolean }, { regions }: ClientPolicy, env: NodeJS.ProcessEnv,
  asked = 'BedrockClientFactory.create',
): RegionPair {
  const own = env.AWS_REGION || env.AWS_DEFAULT_REGION || regions.primary;
  const primary = given.region ?? own;
  // The Region of the function exists, also when it is newer than the contract.
  if (!isKnownRegion(primary) && !(primary === own && isRegion(primary))) {
    throw new Error(teachingText(asked, {
      problem: 'the Region does not exist',
      given: primary,
      allowed: 'a Region of AWS such as "us-east-1", or the one the function runs in',
      fix: 'leave `region` out to use the Region of the function; a newer Region comes with a newer version of the layer',
    }));
  }
  if (!given.allowCrossRegion) return { primary, fallback: undefined };
  if (partitionOf(primary).name !== partitionOf(regions.fallback).name) {
    throw new Error(teachingText(asked, {
      problem: 'there is no fallback Region in this partition',
      given: `allowCrossRegion: true in ${primary}`,
      allowed: `Regions of the partition of ${regions.fallback}`,
      fix: 'leave `allowCrossRegion` out here',
    }));
  }
  return { primary, fallback: primary === regions.fallback ? regions.primary : regions.fallback };
}
