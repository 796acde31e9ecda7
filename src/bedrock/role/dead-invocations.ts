import { IConstruct } from 'constructs';
import { Granted, GrantedStatement } from './granted';
import { GUARDRAILS } from '../../contract/data';
import { teachingMessage } from '../../standards/teaching-error';

/** What a role was granted with and without a guardrail, or with two: the one is denied by what the other promises. */
export function findDeadInvocations(role: IConstruct, granted: Granted): string[] {
  const statements = [...granted].map(([key, resources]) => ({ ...JSON.parse(key) as GrantedStatement, resources }));
  const denials = statements.filter(({ Effect }) => Effect === 'Deny');
  const dead = statements.filter(({ Effect }) => Effect === 'Allow').flatMap(allow =>
    denials.filter(denial => isDenied(allow, denial)).flatMap(denial => [...allow.resources].filter(resource => covers(denial, resource))));
  if (dead.length === 0) return [];
  return [teachingMessage(role, {
    problem: 'The role is granted invocations with a guardrail, and the same without it or with another: the guardrail denies these',
    given: [...new Set(dead)].map(resource => JSON.parse(resource) as unknown),
    allowed: 'one guardrail for a model of a role, in every grant',
    fix: 'name the guardrail in each of the grants, or give the invocations without it a role of their own',
  })];
}

function isDenied(allow: GrantedStatement, denial: GrantedStatement): boolean {
  if (!allow.Action.some(action => denial.Action.includes(action))) return false;
  const promised = identifiersOf(denial, 'StringNotEquals');
  const named = identifiersOf(allow, 'StringEquals');
  return named.length === 0 || named.some(identifier => !promised.includes(identifier));
}

function identifiersOf({ Condition }: GrantedStatement, operator: string): string[] {
  const identifiers = Condition?.[operator]?.[GUARDRAILS.conditionKey];
  return identifiers === undefined ? [] : [identifiers].flat().map(identifier => JSON.stringify(identifier));
}

function covers({ resources }: { readonly resources: ReadonlySet<string> }, resource: string): boolean {
  return resources.has('"*"') || resources.has(resource);
}
