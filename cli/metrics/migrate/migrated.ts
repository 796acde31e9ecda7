import { MetricMap } from './metric-map';
import { CouldNotRun } from '../../system/could-not-run';
import { parseDocument, tryVisitorOf } from '../references/document';
import { Change, Left, Visit } from '../references/visit';
import { Edit, edited } from '../text/node';

/** A document with its new names. */
export interface Migrated {
  readonly text: string;
  readonly changes: readonly (Edit & Change)[];
  readonly left: readonly Left[];
}

/** Errors: the document holds nothing that reads metrics. */
export function migrated(text: string, map: MetricMap, file: string): Migrated {
  const document = parseDocument(text, file);
  const visitDocument = tryVisitorOf(document);
  if (!visitDocument) {
    throw new CouldNotRun(`${file} is none of these: the body of a dashboard, what get-dashboard or describe-alarms answers, `
      + 'a CloudFormation template, a Terraform configuration in JSON');
  }
  const visit = new Visit(map);
  visitDocument(visit, document);
  const changes = [...visit.edits].sort((one, other) => one.start - other.start);
  return { text: edited(text, changes), changes, left: visit.left };
}

/**
 * Why the inverse map would not give the text that was there before; undefined when it would. Shorthand that a row wrote in full beside
 * one that did not, and a new name that was in the document already, cannot be told apart afterwards.
 */
export function tryWhyNoWayBack(before: string, after: string, map: MetricMap, file: string): string | undefined {
  const [merged] = map.findMerged();
  if (merged !== undefined) return `no map leads back: ${merged}`;
  const back = migrated(after, map.tryInverse()!, file).text;
  if (back === before) return undefined;
  const at = [...back].findIndex((character, index) => character !== before[index]);
  const line = before.slice(0, Math.max(0, at)).split('\n').length;
  return `the inverse map would not give the same text: line ${line} would be written another way`;
}
