import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { ConstructFinding } from './violations';
import { Baseline, BASELINE_FILE } from '../../../contract/baseline';
import { Checks } from '../../../standards/checks';
import { STANDARDS, tryNearestMark } from '../../../standards/marks';

/** What the nearest standards above each construct make of the findings, and the baseline of the app. */
export function withLevels(findings: readonly ConstructFinding[]): ConstructFinding[] {
  const baseline = appBaseline();
  return findings.flatMap(finding => {
    const level = tryNearestMark<{ readonly checks: Checks }>(finding.construct, STANDARDS)?.checks ?? Checks.OFF;
    if (level === Checks.OFF) return [];
    if (finding.isWarning) return [finding];
    if (baseline?.knows(finding)) return [{ ...finding, isWarning: true, note: `Known in ${BASELINE_FILE}.` }];
    return [level === Checks.WARN ? { ...finding, isWarning: true } : finding];
  });
}

/** The file beside cdk.json, where the app runs. */
function appBaseline(): Baseline | undefined {
  const file = join(process.cwd(), BASELINE_FILE);
  return existsSync(file) ? Baseline.parse(readFileSync(file, 'utf8'), file) : undefined;
}
