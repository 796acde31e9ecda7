import { Token } from 'aws-cdk-lib';
import { differs } from './model-location';
import { ModelLocation } from '../../contract/model-reference';
import { isRegion, partitionOf } from '../../contract/regions';
import { TeachingErrors } from '../../standards/teaching-error';

/** Refuses what cannot be the code of a Region, and Regions that requests cannot reach: partitions reach no other. */
export function requireRegion(region: string, { partition }: ModelLocation, fault: TeachingErrors): void {
  if (Token.isUnresolved(region)) return;
  if (!isRegion(region)) {
    throw fault({
      problem: 'a destination Region is no Region',
      given: region,
      allowed: 'codes of Regions, for example us-west-2',
      fix: 'list the Regions of `aws bedrock get-inference-profile`',
    });
  }
  if (!differs(partition, partitionOf(region).name)) return;
  throw fault({
    problem: `a destination Region is in another partition than the stack (${partition})`,
    given: region,
    allowed: 'Regions of the stack\'s own partition',
    fix: 'list the Regions of `aws bedrock get-inference-profile`',
  });
}
