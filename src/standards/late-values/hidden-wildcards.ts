import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { resolvedText } from './resolved-text';
import { teachingMessage } from '../teaching-error';
import { ValueSources } from './value-sources';

/**
 * Refuses, when the template is made, patterns of IAM that a token could widen: one that becomes a text with `*` or `?`, or that
 * comes from where nobody can know it. What stands in a pattern itself is checked where it is written.
 */
export function requireNoHiddenWildcards(scope: IConstruct, patterns: readonly string[]): void {
  scope.node.addValidation({ validate: () => [...new Set(patterns)].flatMap(pattern => findHiddenWildcards(scope, pattern)) });
}

function findHiddenWildcards(scope: IConstruct, pattern: string): string[] {
  const sources = new ValueSources(Stack.of(scope));
  sources.followTokens(pattern);
  if (sources.doubts.size === 0) return [];
  return [teachingMessage(scope, {
    problem: `A wildcard could hide in a value that is known late, and allow more than was named: ${[...sources.doubts].join('; ')}`,
    given: resolvedText(scope, pattern),
    allowed: 'literals, what resources of this app are called, and parameters, mappings, exports and lazy values of this app ' +
      'without "*" and "?"',
    fix: 'write the value out, or give its parameter allowedPattern: \'[^*?]*\' or allowedValues',
  })];
}
