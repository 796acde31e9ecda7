import { IConstruct } from 'constructs';
import { acknowledgeLate } from './acknowledge-late';
import { resolvedText } from './resolved-text';

/**
 * Acknowledges the AwsSolutions findings on exactly these resources of a policy, as far as they are wildcards.
 *
 * A finding is named by the resource as the template holds it. That changes until the template is made: what refers to
 * another stack becomes an import or a parameter, and lazy values get their text. Resources that are not all there yet are asked for then.
 */
export function acknowledgeWildcards(policy: IConstruct, resources: readonly string[] | (() => readonly string[]), reason: string): void {
  const find = typeof resources === 'function' ? resources : () => resources;
  if (typeof resources !== 'function' && resources.length === 0) return;
  acknowledgeLate(policy, () => {
    const wildcards = find().map(resource => resolvedText(policy, resource)).filter(text => text.includes('*'));
    return Object.fromEntries(wildcards.map(text => [`AwsSolutions-IAM5[Resource::${text}]`, reason]));
  });
}
