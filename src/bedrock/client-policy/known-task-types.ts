import { IConstruct } from 'constructs';
import { CLIENT_POLICY } from '../../contract/data';
import { findUnknownTaskTypes } from '../../contract/task-types';
import { teachingError } from '../../standards/teaching-error';

/** Refuses task types that the standard does not have. `fitting` says which of its own to take. */
export function requireTaskTypes(scope: IConstruct, taskTypes: readonly string[], fitting: string): void {
  const unknown = findUnknownTaskTypes(taskTypes);
  if (unknown.length === 0) return;
  throw teachingError(scope, {
    problem: 'The standard does not have these task types',
    given: unknown,
    allowed: Object.keys(CLIENT_POLICY.readTimeoutMs).join(', '),
    fix: `take ${fitting}, or have a new one added to contract/client-policy.json`,
  });
}
