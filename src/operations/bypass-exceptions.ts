import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { requireLastDay, tryEndsSoon } from '../standards/last-day';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

/** Calls past the standard that are known, and may stay until a day. */
export interface BypassException {
  /**
   * The service that makes them.
   *
   * @default - none: the calls of `roleName`
   */
  readonly serviceName?: string;

  /**
   * The role that makes them, as the invocation log shows it.
   *
   * @default - none: the calls of `serviceName`
   */
  readonly roleName?: string;

  /** Why they may stay. */
  readonly reason: string;

  /** The last day, as `YYYY-MM-DD` in UTC. From the day after it the calls are told of again, and the app does not synthesise. */
  readonly until: string;
}

/** Errors: none or both of service and role; no reason; no day, or one that has passed. Warns of those that end soon. */
export function requireBypassExceptions(scope: IConstruct, exceptions: readonly BypassException[]): readonly BypassException[] {
  for (const exception of exceptions) {
    requireWho(scope, exception);
    requireReason(scope, exception);
    const who = exception.serviceName ?? exception.roleName!;
    const fix = 'move its calls to BedrockClientFactory and remove the exception';
    const limited = { subject: `The exception of ${who}`, until: exception.until, fix };
    requireLastDay(scope, limited);
    const warning = tryEndsSoon(scope, limited, `bypassException:${who}`);
    if (warning) warn(scope, warning);
  }
  return exceptions;
}

/** As the detector's function reads it. */
export function exceptionInput({ serviceName, roleName, reason, until }: BypassException): object {
  return { service: serviceName, role: roleName, reason, until };
}

function requireWho(scope: IConstruct, { serviceName, roleName }: BypassException): void {
  const isOne = (serviceName === undefined) !== (roleName === undefined);
  const isFull = (serviceName ?? roleName) !== '' && !/[*?:/]/.test(Token.isUnresolved(roleName) ? '' : roleName ?? '');
  if (isOne && isFull) return;
  throw teachingError(scope, {
    problem: 'An exception from the bypass detector is one of a service or of a role',
    given: { serviceName, roleName },
    allowed: 'serviceName, or the name of one role: no ARN and no wildcard',
    fix: 'name one of the two, for example serviceName: "search"',
  });
}

function requireReason(scope: IConstruct, { serviceName, roleName, reason }: BypassException): void {
  if (reason.trim() !== '') return;
  throw teachingError(scope, {
    problem: 'An exception from the bypass detector has a reason',
    given: { serviceName, roleName, reason },
    allowed: 'a text',
    fix: 'write why these calls may go past the standard, and who takes care that they end',
  });
}
