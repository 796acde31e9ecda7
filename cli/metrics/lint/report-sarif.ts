import { Log } from 'sarif';
import { LintResult } from './findings';
import { sarifLog } from '../../system/sarif';

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

/** The report that code hosts and editors read. What could not be read is told as a notification: it is no result. */
export function lintSarif({ findings, unread }: LintResult, version: string): Log {
  return sarifLog({
    version,
    page: 'docs/command.md',
    rules: RULES,
    results: findings.map(({ rule, message, metric, ...place }) => ({
      rule, level: 'error' as const, message, place, fingerprint: [place.file, metric].join('|'),
    })),
    notifications: unread.map(({ why, ...place }) => ({ message: `Could not read: ${why}`, place })),
  });
}
