import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { CLIENT_POLICY } from '../../contract/data';
import { teachingError } from '../../standards/teaching-error';

const TASK_TYPES = Object.keys(CLIENT_POLICY.readTimeoutMs);
const MAX_MS = CLIENT_POLICY.refresh.maxReadTimeoutMs;

/** The document that the runtime reads: `{"readTimeoutMs": {"synthesis": 60000}}`, with only what differs from the standard. */
export function taskTypesDocument(scope: IConstruct, readTimeouts: Readonly<Record<string, Duration>>): string {
  const unknown = Object.keys(readTimeouts).filter(taskType => !TASK_TYPES.includes(taskType));
  if (unknown.length > 0) {
    throw teachingError(scope, {
      problem: 'The standard does not have these task types',
      given: unknown,
      allowed: TASK_TYPES.join(', '),
      fix: 'take the task type whose read timeout fits, or have a new one added to contract/client-policy.json',
    });
  }
  const entries = Object.entries(readTimeouts).map(([taskType, timeout]) => [taskType, milliseconds(scope, taskType, timeout)]);
  return JSON.stringify({ readTimeoutMs: Object.fromEntries(entries) });
}

/** What AppConfig takes, also from who changes the document by hand. Its validators know JSON Schema up to draft 4. */
export function taskTypesSchema(): string {
  const readTimeout = { type: 'integer', minimum: 1, maximum: MAX_MS };
  return JSON.stringify({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['readTimeoutMs'],
    additionalProperties: false,
    properties: {
      readTimeoutMs: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(TASK_TYPES.map(taskType => [taskType, readTimeout])),
      },
    },
  });
}

function milliseconds(scope: IConstruct, taskType: string, timeout: Duration): number {
  const ms = timeout.isUnresolved() ? undefined : timeout.toMilliseconds({ integral: false });
  if (ms !== undefined && Number.isInteger(ms) && ms >= 1 && ms <= MAX_MS) return ms;
  throw teachingError(scope, {
    problem: `The read timeout of ${taskType} cannot be used`,
    given: ms === undefined ? 'a time known only at deployment (token)' : `${ms} ms`,
    allowed: `whole milliseconds from 1 to ${MAX_MS} (15 minutes), known at synth`,
    fix: 'write the time out, for example Duration.seconds(45)',
  });
}
