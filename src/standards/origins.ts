import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { teachingError } from './teaching-error';
import { isOrigin, suggestedOrigin } from '../contract/origin';

const ANY_ORIGIN = '*';

/** Refuses what no browser sends as the origin of a page. `*` and tokens pass. */
export function requireOrigins(scope: IConstruct, origins: readonly string[]): void {
  const wrong = origins.find(origin => !Token.isUnresolved(origin) && origin !== ANY_ORIGIN && !isOrigin(origin));
  if (wrong === undefined) return;
  throw teachingError(scope, {
    problem: 'A browser would never send this origin',
    given: wrong,
    allowed: '"*", or scheme, host and port of a page in small letters, without a user, a path, a slash at the end or a wildcard, ' +
      'for example "https://www.example.com"',
    fix: `write ${JSON.stringify(suggestedOrigin(wrong) ?? 'https://www.example.com')}, and list each origin by itself`,
  });
}
