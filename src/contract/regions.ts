import { PARTITIONS } from './data';

/** A partition of AWS: Regions that share accounts, ARNs and a DNS suffix, and reach no other partition. */
export interface Partition {
  readonly name: string;
  readonly dnsSuffix: string;
}

const REGION = new RegExp(PARTITIONS.regionPattern);

/** Whether a text has the form of a Region's code, such as `us-east-1` or `eusc-de-east-1`. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** Whether AWS had a Region of this code when the contract was last refreshed. */
export function isKnownRegion(text: string): boolean {
  return PARTITIONS.partitions.some(({ regions }) => (regions as readonly string[]).includes(text));
}

/** The partition of a Region, also of one that is newer than this library. */
export function partitionOf(region: string): Partition {
  return PARTITIONS.partitions.find(({ regionPrefix }) => region.startsWith(regionPrefix))!;
}
