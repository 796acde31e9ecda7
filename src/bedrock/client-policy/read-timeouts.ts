import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { requireTaskTypes } from './known-task-types';
import { CLIENT_POLICY } from '../../contract/data';
import { isReadTimeoutMs } from '../../contract/task-types';
import { teachingError } from '../../standards/teaching-error';

const { minReadTimeoutMs, maxReadTimeoutMs } = CLIENT_POLICY.refresh;

/** The read timeouts in milliseconds. Throws for a task type that the standard does not have, and a time that it does not take. */
export function requireReadTimeoutsMs(scope: IConstruct, readTimeouts: Readonly<Record<string, Duration>>): Record<string, number> {
  requireTaskTypes(scope, Object.keys(readTimeouts), 'the task type whose read timeout fits');
  return Object.fromEntries(Object.entries(readTimeouts).map(([taskType, timeout]) => [taskType, milliseconds(scope, taskType, timeout)]));
}

function milliseconds(scope: IConstruct, taskType: string, timeout: Duration): number {
  const ms = timeout.isUnresolved() ? undefined : timeout.toMilliseconds({ integral: false });
  if (isReadTimeoutMs(ms)) return ms;
  throw teachingError(scope, {
    problem: `The read timeout of ${taskType} cannot be used`,
    given: ms === undefined ? 'a time known only at deployment (token)' : `${ms} ms`,
    allowed: `whole milliseconds from ${minReadTimeoutMs} (1 second) to ${maxReadTimeoutMs} (15 minutes), known at synth`,
    fix: 'write the time out, for example Duration.seconds(45)',
  });
}
