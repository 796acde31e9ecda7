import { PolicyGrant } from '../models/policy-grant';

/** What IAM reads as patterns where these grants allow something: resources, and what conditions compare by likeness. */
export function patternsOf(grants: readonly PolicyGrant[]): string[] {
  return grants.filter(({ effect }) => effect !== 'Deny').flatMap(({ resources, conditions = {} }) => [
    ...resources,
    ...Object.entries(conditions).filter(([operator]) => /Like|Arn/.test(operator)).flatMap(([, values]) => Object.values(values).flat()),
  ]);
}
