import { Log, Result } from 'sarif';
import { LintResult } from './findings';
import { sarifFingerprint, sarifLocation, sarifLog, sarifRule } from '../../system/sarif';

const RULES = [
  {
    id: 'UnknownMetric',
    text: 'A metric that is neither in the catalogue nor declared by its team.',
    help: 'Prevents: dashboards and alarms that read a name which one service writes in its own way. Use the name of the catalogue, or '
      + 'declare the metric as the team\'s own: CatalogMetric.team, or --team.',
  },
  {
    id: 'UnknownMetricId',
    text: 'emitMetric with an id that the catalogue does not hold.',
    help: 'Prevents: data that the runtime drops with a line in the log and nobody misses.',
  },
];

/** The report of a lint. What could not be read is told as a notification: it is no result. */
export function lintSarif({ findings, unread }: LintResult, version: string): Log {
  return sarifLog({
    version,
    rules: RULES.map(rule => sarifRule({ ...rule, page: 'docs/command.md' })),
    results: findings.map(({ rule, message, metric, ...place }): Result => ({
      ruleId: rule,
      ruleIndex: RULES.findIndex(({ id }) => id === rule),
      level: 'error',
      message: { text: message },
      locations: [sarifLocation(place)],
      partialFingerprints: sarifFingerprint(place.file, metric),
    })),
    notifications: unread.map(({ why, ...place }) => ({
      level: 'note', message: { text: `Could not read: ${why}` }, locations: [sarifLocation(place)],
    })),
  });
}
