import { IConstruct } from 'constructs';
import { teachingError } from './teaching-error';

/** The context key by which an app is synthesised as on another day. */
export const SYNTH_DAY_KEY = 'cdk-plumbline:today';

/** The day of the synthesis, as in `2026-11-27`: today, in UTC, or what the app's context says. */
export function synthDay(scope: IConstruct): string {
  const given: unknown = scope.node.tryGetContext(SYNTH_DAY_KEY);
  if (given === undefined) return new Date().toISOString().slice(0, 10);
  if (typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given)) return given;
  throw teachingError(scope, {
    problem: `The context value ${SYNTH_DAY_KEY} is no day`,
    given,
    allowed: 'a day as in "2026-11-27"',
    fix: 'write it so in cdk.json, or remove it there: without it the day is today',
  });
}
