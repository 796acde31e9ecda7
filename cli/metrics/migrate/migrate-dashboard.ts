import { resolve } from 'path';
import { MetricMap } from './metric-map';
import { Migrated, migrated, tryWhyNoWayBack } from './migrated';
import { textDiff } from './text-diff';
import { Console } from '../../system/console';
import { placeAt } from '../../system/line-at';
import { readExactly } from '../../system/read-exactly';
import { shownPath } from '../../system/shown-path';
import { writeWhole } from '../../system/write-whole';
import { Left, shown } from '../references/visit';

export interface MigrateOptions {
  readonly map: string;
  readonly out?: string;
  readonly diff?: boolean;
  readonly json?: boolean;
}

/** `plumbline metrics migrate-dashboard`: 0 when every name of the map was reached, 1 when something that reads one was left. */
export function migrateDashboard(path: string, options: MigrateOptions, console: Console): number {
  const { cwd, print, tell, write } = console;
  const file = shownPath(resolve(cwd, path), cwd);
  const text = readExactly(resolve(cwd, path), file);
  const map = MetricMap.parse(readExactly(resolve(cwd, options.map), options.map), options.map);
  const result = migrated(text, map, file);
  const noWayBack = tryWhyNoWayBack(text, result.text, map, file);
  if (options.out !== undefined) writeWhole(resolve(cwd, options.out), result.text);
  if (options.json) print(JSON.stringify({ ...jsonReport(text, result), ...noWayBack !== undefined && { noWayBack } }, null, 2));
  else if (options.diff) print(textDiff(text, result.text, file));
  else if (options.out === undefined) write(result.text);
  if (!options.json) tell(report(text, result, file, noWayBack));
  return result.left.some(({ isMention }) => !isMention) ? 1 : 0;
}

function report(text: string, { changes, left }: Migrated, file: string, noWayBack: string | undefined): string {
  const unread = left.filter(({ isMention }) => !isMention);
  const mentions = left.filter(({ isMention }) => isMention);
  const placed = ({ path, at, why }: Left): string => `  line ${placeAt(text, at).line}: ${path}: ${shown(why)}`;
  return [
    `${file}: ${changes.length} ${changes.length === 1 ? 'name' : 'names'} changed`,
    ...changes.map(({ path, from, to, start }) => `  line ${placeAt(text, start).line}: ${path}: ${from} → ${to}`),
    ...unread.length > 0 ? ['Left as it is, look at it yourself:', ...unread.map(placed)] : [],
    ...mentions.length > 0 ? ['Left as it is, texts for people:', ...mentions.map(placed)] : [],
    ...noWayBack !== undefined ? [`Keep the old file: ${noWayBack}.`] : [],
  ].join('\n');
}

function jsonReport(before: string, { text, changes, left }: Migrated): object {
  return {
    changes: changes.map(({ path, from, to, start }) => ({ path, ...placeAt(before, start), from, to })),
    left: left.map(({ path, at, why, isMention }) => ({ path, ...placeAt(before, at), why: shown(why), isMention })),
    text,
  };
}
