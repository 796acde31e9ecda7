import { IConstruct } from 'constructs';
import { OPERATIONS } from '../contract/data';
import { Limited, requireLastDay, tryEndsSoon } from '../standards/last-day';
import { teachingError } from '../standards/teaching-error';
import { warn } from '../standards/warnings';

/** Why a service has no presence gate. */
export interface PresenceGateExemption {
  /** Why it can take no synthetic requests, in words for those who read the template. */
  readonly reason: string;

  /**
   * The last day without a gate, as `YYYY-MM-DD` in UTC. The app does not synthesise after it, and warns in its last 30 days.
   *
   * @default - none: a service that will never take synthetic requests
   */
  readonly until?: string;
}

/** Why a version may go out although its gate stays shut, and alarms fire. */
export interface PresenceGateOverride {
  /** Why, in words for those who look for it later. */
  readonly reason: string;

  /** Who decided it: a name or an address. */
  readonly by: string;

  /** The last day on which it counts, as `YYYY-MM-DD` in UTC: a week from today at most. The app does not synthesise after it. */
  readonly until: string;
}

/** Errors: no reason; no day, or one that has passed. Warns as long as it counts. */
export function requireExemption(scope: IConstruct, serviceName: string, { reason, until }: PresenceGateExemption): void {
  const subject = `The exemption of ${serviceName} from the presence gate`;
  requireWords(scope, subject, { reason });
  warn(scope, {
    id: 'presenceGateExempt',
    message: `New versions of ${serviceName} go out without a presence gate${until === undefined ? '' : ` until ${until}`}: ${reason}`,
  });
  if (until === undefined) return;
  const limited: Limited = { subject, until, fix: 'give the gate requests that the service can take' };
  requireLastDay(scope, limited);
  const warning = tryEndsSoon(scope, limited, 'presenceGateExemptionEnds');
  if (warning) warn(scope, warning);
}

/** Errors: no reason, nobody who decided; no day, one that has passed, one too far away. Warns as long as it counts. */
export function requireOverride(scope: IConstruct, serviceName: string, { reason, by, until }: PresenceGateOverride): void {
  const subject = `The override of the presence gate of ${serviceName}`;
  requireWords(scope, subject, { reason, by });
  const fix = 'remove it: the gate and the alarms of the deployment count again';
  requireLastDay(scope, { subject, until, fix }, OPERATIONS.presenceGate.longestOverrideDays);
  warn(scope, {
    id: 'presenceGateOverride',
    message: `${subject} counts until ${until}, by ${by}: new versions go out whatever the gate says, and whatever alarms of their `
      + `deployment group fire. Reason: ${reason}`,
  });
}

function requireWords(scope: IConstruct, subject: string, words: Readonly<Record<string, string>>): void {
  for (const [prop, text] of Object.entries(words)) {
    if (text.trim() !== '') continue;
    throw teachingError(scope, {
      problem: `${subject} says nothing as its ${prop}`,
      given: text,
      allowed: 'a text',
      fix: `write the ${prop} for those who find it in a year`,
    });
  }
}
