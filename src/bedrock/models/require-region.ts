import { Token } from 'aws-cdk-lib';
import { isRegion } from '../../contract/regions';
import { TeachingErrors } from '../../standards/teaching-error';

/** Refuses what cannot be the code of a Region. */
export function requireRegion(region: string, fault: TeachingErrors): void {
  if (Token.isUnresolved(region) || isRegion(region)) return;
  throw fault({
    problem: 'a destination Region is no Region',
    given: region,
    allowed: 'codes of Regions, for example us-west-2',
    fix: 'list the Regions of `aws bedrock get-inference-profile`',
  });
}
