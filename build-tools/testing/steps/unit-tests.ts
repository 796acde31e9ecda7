import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { lambdaNode } from '../../lambda-node';
import { bin, ROOT } from '../programs';
import { Step, StepContext, StepCounts } from '../step';

const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');

/** They run each function on Lambda's own Node, whatever Node jest is on. */
const BOX_TESTS = 'test/runtime/box';

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
  run: async context => runJest(context, []),
};

export const runtimeTestsOnLambdaNode: Step = {
  name: 'jest-lambda',
  description: 'the tests of the Node runtime once more, on the Node that Lambda runs; without those that start functions on it anyway',
  after: ['bundle', 'jest'],
  async run(context) {
    const node = lambdaNode();
    context.note(`Node ${(await context.run(node, ['--version'])).trim()}`);
    return runJest(context, ['test/runtime', '--testPathIgnorePatterns', 'node_modules', BOX_TESTS], node);
  },
};

async function runJest(context: StepContext, paths: readonly string[], node?: string): Promise<StepCounts> {
  const file = join(context.temporary, `jest-${node ? 'lambda' : 'machine'}.json`);
  const args = [...paths, '--ci', '--json', '--outputFile', file];
  const env = { CI: 'true' };
  const run = node ? context.run(node, [JEST, ...args], { env }) : context.run(bin('jest'), args, { env });
  const failure = await run.then(() => undefined, (error: Error) => error);
  if (!existsSync(file)) throw failure ?? new Error('jest has written no report');

  const report: JestReport = JSON.parse(readFileSync(file, 'utf8'));
  if (report.numPendingTests > 0) context.note(`${report.numPendingTests} skipped`);
  const counts = countsOf(report);
  if (failure && counts.failed === 0) throw failure;
  if (counts.passed === 0 && counts.failed === 0) throw new Error('jest has found no test');
  return counts;
}

export function countsOf(report: JestReport): StepCounts {
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
}
