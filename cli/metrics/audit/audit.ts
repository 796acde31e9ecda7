import { existsSync } from 'fs';
import { resolve } from 'path';
import { Inventory } from './inventory';
import { AuditedMetric, audited, proposedMap } from './proposal';
import { AccountOptions, AccountRead, readAccount } from './read-account';
import { readDocuments } from './read-documents';
import { Console } from '../../system/console';
import { CouldNotRun } from '../../system/could-not-run';
import { progress } from '../../system/progress';
import { writeWhole } from '../../system/write-whole';
import { readCode, Unread } from '../code/read-code';
import { KnownOptions, teamMetrics } from '../lint/lint';
import { KnownMetrics } from '../names/known-metrics';

export interface AuditOptions extends KnownOptions, AccountOptions {
  /** Ask an account too. */
  readonly account?: boolean;
  readonly json?: boolean;
  readonly writeMap?: string;
}

const NO_ACCOUNT: AccountRead = { unread: [], incomplete: [] };

/**
 * `plumbline metrics audit`: 0 when every metric in use is of the catalogue, the team or AWS, 1 when one is not, 2 when a part of the
 * account did not answer: the report holds what did.
 */
export async function audit(paths: readonly string[], options: AuditOptions, console: Console): Promise<number> {
  requireSource(paths, options);
  const { cwd, print } = console;
  const mapFile = options.writeMap === undefined ? undefined : resolve(cwd, options.writeMap);
  if (mapFile !== undefined) requireNoFile(mapFile, options.writeMap!);
  const known = new KnownMetrics(options.product, teamMetrics(options, cwd));
  const inventory = new Inventory();
  const inFiles = paths.length > 0 ? readFiles(paths, inventory, console) : [];
  const account = options.account ? await readAccount(options, inventory, console) : NO_ACCOUNT;
  const unread = [...inFiles, ...account.unread];
  const { incomplete } = account;
  const metrics = audited(inventory.all, known, options.product ?? 'PRODUCT');
  if (mapFile !== undefined) writeMap(mapFile, metrics, account, options, console);
  print(options.json ? JSON.stringify({ metrics, unread, incomplete }, null, 2) : textReport(metrics, unread, incomplete));
  if (incomplete.length > 0) return 2;
  return metrics.some(({ verdict }) => verdict === 'proposed' || verdict === 'unknown') ? 1 : 0;
}

function requireSource(paths: readonly string[], { account, region, profile, recent }: AuditOptions): void {
  if (!account && [region, profile, recent].some(option => option !== undefined)) {
    throw new CouldNotRun('--region, --profile and --recent are of an account: add --account to ask it');
  }
  if (!account && paths.length === 0) throw new CouldNotRun('Name files or folders to read, or ask an account by --account');
}

function readFiles(paths: readonly string[], inventory: Inventory, console: Console): Unread[] {
  const { cwd } = console;
  const documents = readDocuments(paths, cwd, inventory);
  const code = readCode(paths, cwd, progress(console, 'files of code read'));
  const unread = [...documents.unread, ...code.unread, ...takeCode(code.uses, inventory)];
  if (documents.files + code.files > 0) return unread;
  throw new CouldNotRun(`${paths.join(', ')}: neither code nor a dashboard, a template or an alarm`);
}

function writeMap(
  file: string, metrics: readonly AuditedMetric[], { incomplete }: AccountRead, options: AuditOptions, { tell }: Console,
): void {
  const map = proposedMap(metrics);
  if (options.product === undefined && map.length > 0) {
    throw new CouldNotRun('A map needs the new namespaces: name the product that they begin with, as --product MangaAssist');
  }
  if (incomplete.length > 0) return tell(`${options.writeMap} is not written: two old names may stand for one, and not all were read.`);
  writeWhole(file, `${JSON.stringify(map, null, 2)}\n`);
  tell(`${options.writeMap}: ${map.length} proposed. Read each before you use it with migrate-dashboard.`);
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

function textReport(metrics: readonly AuditedMetric[], unread: readonly Unread[], incomplete: readonly string[]): string {
  const parts = TITLES.flatMap(([verdict, title]) => {
    const own = metrics.filter(metric => metric.verdict === verdict);
    return own.length === 0 ? [] : [title, ...own.flatMap(linesOf), ''];
  });
  return [
    ...parts,
    ...unread.length > 0 ? ['Could not be read:', ...unread.map(({ file, line, why }) => `  ${file}:${line}  ${why}`), ''] : [],
    ...incomplete.length > 0 ? ['The account did not answer everything:', ...incomplete.map(indented), ''] : [],
    TITLES.map(([verdict]) => `${metrics.filter(metric => metric.verdict === verdict).length} ${verdict}`).join(', '),
  ].join('\n');
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
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
