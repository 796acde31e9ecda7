import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { synthDay } from './synth-day';
import { teachingError } from './teaching-error';
import { Warning } from './warnings';
import { METRIC_CATALOG } from '../contract/data';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What holds until a day, and no longer. */
export interface Limited {
  /** As it stands in a sentence, for example `The override of the presence gate of chat`. */
  readonly subject: string;
  /** The last day, as `YYYY-MM-DD` in UTC. */
  readonly until: string;
  /** What to do once the day has passed. */
  readonly fix: string;
}

/**
 * Nothing, when today is that day or one before it.
 *
 * Errors: no day that is known at synth; a day that has passed; one further away than `mostDays`.
 */
export function requireLastDay(scope: IConstruct, { subject, until, fix }: Limited, mostDays?: number): void {
  if (Token.isUnresolved(until) || !isDay(until)) {
    throw teachingError(scope, {
      problem: `${subject} has no last day that is known at synth`,
      given: until,
      allowed: 'a literal day as in "2026-12-31", in UTC',
      fix: 'write the day after which it is to count no longer',
    });
  }
  const left = daysLeft(scope, until);
  if (left < 0) throw teachingError(scope, { problem: `${subject} has ended`, given: until, allowed: `${synthDay(scope)} or later`, fix });
  if (mostDays !== undefined && left > mostDays) {
    throw teachingError(scope, {
      problem: `${subject} is to last too long`,
      given: until,
      allowed: `${synthDay(scope)} to ${new Date(Date.parse(synthDay(scope)) + mostDays * DAY_MS).toISOString().slice(0, 10)}`,
      fix: 'write an earlier day; it can be put off when it comes close',
    });
  }
}

/** A warning in the last days before the end. `id` is what it is acknowledged by. */
export function tryEndsSoon(scope: IConstruct, { subject, until, fix }: Limited, id: string): Warning | undefined {
  if (daysLeft(scope, until) >= METRIC_CATALOG.migrationWarningDays) return undefined;
  return { id, message: `${subject} ends after ${until}: from then on the app does not synthesise. Before that, ${fix}.` };
}

function daysLeft(scope: IConstruct, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(synthDay(scope))) / DAY_MS);
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
