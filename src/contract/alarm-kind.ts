import * as contract from './data';
import { filledText } from './filled-text';

const { ALARMS } = contract;

/** What an alarm is about, as the end of its name says. */
export type AlarmKind = keyof typeof ALARMS.kinds;

/** All kinds of alarms. */
export const ALARM_KINDS = Object.keys(ALARMS.kinds) as AlarmKind[];

/** The kind of the alarm on an error code that has a threshold. */
export function errorAlarmKind(code: string): AlarmKind {
  return requireKind(`ErrorCount-${code}`);
}

function requireKind(name: string): AlarmKind {
  const kind = ALARM_KINDS.find(candidate => candidate === name);
  if (kind) return kind;
  throw new Error(`There is no alarm of the kind ${name}, only ${ALARM_KINDS.join(', ')}.`);
}

/** What alarms of the kind are said to stand for. */
export function incidentOf(kind: AlarmKind): string {
  return filledText(ALARMS.kinds[kind].incident, contract);
}

/** Where a runbook's link takes its kind. */
export const KIND_PLACEHOLDER = '{kind}';

/**
 * The link to the runbook of a kind: `{kind}` in the URL becomes the kind; a URL without it is a page with a heading for each kind, unless
 * it names a heading itself.
 */
export function runbookLink(url: string, kind: AlarmKind): string {
  if (url.includes(KIND_PLACEHOLDER)) return url.replaceAll(KIND_PLACEHOLDER, kind);
  return url.includes('#') ? url : `${url}#${kind.toLowerCase()}`;
}
