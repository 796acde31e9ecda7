import { CheckFinding } from './find';
import { BaselineEntry } from '../../src/contract/baseline';

/** What a check found, parted by what the baseline says. */
export interface CheckResult {
  /** What counts: errors that are new, and warnings. */
  readonly findings: readonly CheckFinding[];
  /** What was there already when the baseline was written. */
  readonly known: readonly CheckFinding[];
  /** What the baseline knows and is found no more. */
  readonly mended: readonly BaselineEntry[];
  /** The names of the templates that were looked at. */
  readonly templates: readonly string[];
  readonly resources: number;
  readonly baselineFile: string;
}
