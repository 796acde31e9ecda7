import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { bin } from '../programs';
import { Step, StepCounts } from '../step';

/** The part of jest's report that is counted. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Suites that could not even start: none of their tests is counted anywhere else. */
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
}

export const unitTests: Step = {
  name: 'jest',
  description: 'all jest tests; snapshots are compared, never written',
  after: ['bundle'],
  async run(context) {
    const file = join(context.temporary, 'jest.json');
    const failure = await context.run(bin('jest'), ['--ci', '--json', '--outputFile', file], { env: { CI: 'true' } })
      .then(() => undefined, (error: Error) => error);
    if (!existsSync(file)) throw failure ?? new Error('jest has written no report');

    const report: JestReport = JSON.parse(readFileSync(file, 'utf8'));
    if (report.numPendingTests > 0) context.note(`${report.numPendingTests} skipped`);
    const counts = countsOf(report);
    if (failure && counts.failed === 0) throw failure;
    return counts;
  },
};

export function countsOf(report: JestReport): StepCounts {
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
}
