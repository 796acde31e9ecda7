import { existsSync } from 'fs';
import { resolve } from 'path';
import { Inventory } from './inventory';
import { AuditedMetric, audited, proposedMap } from './proposal';
import { readDocuments } from './read-documents';
import { Console } from '../../system/console';
import { CouldNotRun } from '../../system/could-not-run';
import { progress } from '../../system/progress';
import { writeWhole } from '../../system/write-whole';
import { readCode, Unread } from '../code/read-code';
import { KnownOptions, teamMetrics } from '../lint/lint';
import { KnownMetrics } from '../names/known-metrics';

export interface AuditOptions extends KnownOptions {
  readonly json?: boolean;
  readonly writeMap?: string;
}

/** `plumbline metrics audit`: 0 when every metric in use is of the catalogue, the team or AWS, 1 when one is not. */
export function audit(paths: readonly string[], options: AuditOptions, console: Console): number {
  const { cwd, print, tell } = console;
  const mapFile = options.writeMap === undefined ? undefined : resolve(cwd, options.writeMap);
  if (mapFile !== undefined) requireNoFile(mapFile, options.writeMap!);
  const inventory = new Inventory();
  const documents = readDocuments(paths, cwd, inventory);
  const code = readCode(paths, cwd, progress(console, 'files of code read'));
  const unread = [...documents.unread, ...code.unread, ...takeCode(code.uses, inventory)];
  if (documents.files + code.files === 0) {
    throw new CouldNotRun(`${paths.join(', ')}: neither code nor a dashboard, a template or an alarm`);
  }
  const known = new KnownMetrics(options.product, teamMetrics(options, cwd));
  const metrics = audited(inventory.all, known, options.product ?? 'PRODUCT');
  if (mapFile !== undefined) {
    const map = proposedMap(metrics);
    if (options.product === undefined && map.length > 0) {
      throw new CouldNotRun('A map needs the new namespaces: name the product that they begin with, as --product MangaAssist');
    }
    writeWhole(mapFile, `${JSON.stringify(map, null, 2)}\n`);
    tell(`${options.writeMap}: ${map.length} proposed. Read each before you use it with migrate-dashboard.`);
  }
  print(options.json ? JSON.stringify({ metrics, unread }, null, 2) : textReport(metrics, unread));
  return metrics.some(({ verdict }) => verdict === 'proposed' || verdict === 'unknown') ? 1 : 0;
}

/** What a person wrote or corrected is not lost to a second run. */
function requireNoFile(file: string, shown: string): void {
  if (!existsSync(file)) return;
  throw new CouldNotRun(`${shown} exists, and may hold what was corrected by hand: name another file, or remove it first`);
}

/** The metrics that code names in full; what is missing of the others. */
function takeCode(uses: ReturnType<typeof readCode>['uses'], inventory: Inventory): Unread[] {
  return uses.flatMap(({ how, id, namespace, name, file, line, column, isDeclaration }) => {
    if (isDeclaration || id !== undefined) return [];
    if (namespace === undefined || name === undefined) return [{ file, line, column, why: `a name in ${how} is no literal` }];
    inventory.add({ namespace, name }, `${file}:${line}`);
    return [];
  });
}

const TITLES: readonly (readonly [AuditedMetric['verdict'], string])[] = [
  ['proposed', 'Look like metrics of the catalogue:'],
  ['unknown', 'Neither in the catalogue nor declared by the team:'],
  ['catalogue', 'Of the catalogue or the team:'],
  ['aws', 'Of AWS:'],
];

function textReport(metrics: readonly AuditedMetric[], unread: readonly Unread[]): string {
  const parts = TITLES.flatMap(([verdict, title]) => {
    const own = metrics.filter(metric => metric.verdict === verdict);
    return own.length === 0 ? [] : [title, ...own.flatMap(linesOf), ''];
  });
  return [
    ...parts,
    ...unread.length > 0 ? ['Could not be read:', ...unread.map(({ file, line, why }) => `  ${file}:${line}  ${why}`), ''] : [],
    TITLES.map(([verdict]) => `${metrics.filter(metric => metric.verdict === verdict).length} ${verdict}`).join(', '),
  ].join('\n');
}

function linesOf({ namespace, name, to, similarity, why, places }: AuditedMetric): string[] {
  const [first, ...others] = places;
  return [
    `  ${namespace} ${name}`,
    ...to ? [`      → ${to.namespace} ${to.name}  (${Math.round(similarity! * 100)} % alike: ${why})`] : [],
    ...!to && why !== undefined ? [`      ${why}`] : [],
    `      in ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`,
  ];
}
