import { resolve } from 'path';
import { LintResult, lintResult } from './findings';
import { lintSarif } from './report-sarif';
import { Console } from '../../system/console';
import { CouldNotRun } from '../../system/could-not-run';
import { progress } from '../../system/progress';
import { readExactly } from '../../system/read-exactly';
import { writeWhole } from '../../system/write-whole';
import { readCode } from '../code/read-code';
import { KnownMetric, KnownMetrics, parseTeamMetrics } from '../names/known-metrics';

export interface KnownOptions {
  readonly product?: string;
  readonly team?: string;
}

export interface LintOptions extends KnownOptions {
  readonly json?: boolean;
  readonly sarif?: string;
}

/** `plumbline metrics lint`: 0 when every name that can be read is known, 1 when one is not. */
export function lint(paths: readonly string[], options: LintOptions, version: string, console: Console): number {
  const { cwd, print } = console;
  const code = readCode(paths, cwd, progress(console, 'files read'));
  if (code.files === 0) throw new CouldNotRun(`${paths.join(', ')}: no TypeScript, JavaScript or Python. Name a file or a folder of code.`);
  const result = lintResult(code, new KnownMetrics(options.product, teamMetrics(options, cwd)));
  if (options.sarif !== undefined) writeWhole(resolve(cwd, options.sarif), `${JSON.stringify(lintSarif(result, version), null, 2)}\n`);
  print(options.json ? JSON.stringify(result, null, 2) : textReport(result));
  return result.findings.length > 0 ? 1 : 0;
}

/** The metrics of the team's own file, if one is named. */
export function teamMetrics({ team }: KnownOptions, cwd: string): KnownMetric[] {
  return team === undefined ? [] : parseTeamMetrics(readExactly(resolve(cwd, team), team), team);
}

function textReport({ findings, unread, files, uses }: LintResult): string {
  return [
    ...findings.map(({ file, line, column, how, message }) => `${file}:${line}:${column}  error  ${message} (${how})`),
    ...unread.map(({ file, line, column, why }) => `${file}:${line}:${column}  could not read: ${why}`),
    `${findings.length} unknown ${findings.length === 1 ? 'metric' : 'metrics'}, ${unread.length} could not be read, `
      + `${uses} named in ${files} ${files === 1 ? 'file' : 'files'}`,
  ].join('\n');
}
