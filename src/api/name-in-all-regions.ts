import { Names, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const MOST_REGION_CHARACTERS = 20;

/**
 * A name for what CloudFront keeps once for all Regions of an account: with the Region of the stack, so that the same stack can be
 * deployed to several. The CDK's own names are the same in all of them.
 */
export function nameInAllRegions(scope: Construct, maxLength: number): string {
  const name = Names.uniqueResourceName(scope, { maxLength: maxLength - MOST_REGION_CHARACTERS - 1, separator: '-' });
  return `${name}-${Stack.of(scope).region}`;
}
