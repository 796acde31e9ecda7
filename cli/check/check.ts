import { existsSync } from 'fs';
import { resolve } from 'path';
import { CheckFinding, findIn } from './find';
import { readText } from './read-assembly';
import { readSources } from './read-sources';
import { sarifReport } from './report-sarif';
import { textReport } from './report-text';
import { CheckResult } from './result';
import { TemplateSource } from './template-source';
import { Baseline, BASELINE_FILE } from '../../src/contract/baseline';
import { section } from '../../src/contract/template/template-values';
import { Console } from '../system/console';
import { CouldNotRun } from '../system/could-not-run';
import { shownPath } from '../system/shown-path';
import { writeWhole } from '../system/write-whole';

export interface CheckOptions {
  readonly json?: boolean;
  readonly sarif?: string;
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly pruneBaseline?: boolean;
}

/** `plumbline check`: 0 when nothing is new but warnings, 1 when there is an error that the baseline does not know. */
export function check(paths: readonly string[], options: CheckOptions, version: string, console: Console): number {
  const { cwd, print, tell } = console;
  const file = resolve(cwd, options.baseline ?? BASELINE_FILE);
  const shown = shownPath(file, cwd);
  const sources = readSources(paths, cwd);
  const found = findIn(sources, cwd);
  if (options.writeBaseline) {
    const errors = found.filter(({ severity }) => severity === 'error');
    writeWhole(file, new Baseline(errors).toText());
    tell(`${shown} knows ${errors.length} findings now: they warn, and what is new fails.`);
  }
  const baseline = readBaseline(file, shown, options);
  const checked = resultOf(sources, found, { baseline, baselineFile: shown });
  if (options.pruneBaseline) {
    writeWhole(file, baseline.without(checked.mended).toText());
    tell(`${checked.mended.length} mended findings left ${shown}.`);
  }
  const result = options.pruneBaseline ? { ...checked, mended: [] } : checked;
  if (options.sarif) writeWhole(resolve(cwd, options.sarif), `${JSON.stringify(sarifReport(result, version), null, 2)}\n`);
  print(options.json ? JSON.stringify(jsonReport(result), null, 2) : textReport(result));
  return result.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function readBaseline(file: string, shown: string, { baseline, pruneBaseline }: CheckOptions): Baseline {
  if (existsSync(file)) {
    try {
      return Baseline.parse(readText(file), shown);
    } catch (error) {
      throw new CouldNotRun((error as Error).message);
    }
  }
  if (baseline === undefined && !pruneBaseline) return new Baseline([]);
  throw new CouldNotRun(`${shown} does not exist. Write it first: plumbline check <cdk.out> --write-baseline`);
}

/** What is known already, and from where. */
interface Known {
  readonly baseline: Baseline;
  readonly baselineFile: string;
}

function resultOf(
  sources: readonly TemplateSource[], found: readonly CheckFinding[], known: Known,
): CheckResult {
  const { baseline, baselineFile } = known;
  const isKnown = (finding: CheckFinding): boolean => finding.severity === 'error' && baseline.knows(finding);
  const templates = sources.map(({ name }) => name);
  return {
    findings: found.filter(finding => !isKnown(finding)),
    known: found.filter(isKnown),
    mended: baseline.findMended(found, templates),
    templates,
    resources: sources.reduce((sum, { content }) => sum + Object.keys(section(content, 'Resources')).length, 0),
    baselineFile,
  };
}

function jsonReport({ findings, known, mended, templates, resources }: CheckResult): object {
  return { findings, known, mended, templates: templates.length, resources };
}
