import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { lambdaNode } from '../../lambda-node';
import { ROOMY, ROOT } from '../programs';
import { Step, StepContext, StepCounts } from '../step';

const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');

/** The part of jest's report that is counted. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Suites that could not even start: none of their tests is counted anywhere else. */
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
}

/*
 * Several steps, so that both processors are busy with tests to the end, and none comes near the limit of a step. Tests that mostly wait
 * for processes stand apart from those that compute.
 */
const RUNTIME = '/test/runtime/';
const BOX = '/test/runtime/box/';
const FUNCTIONS = '/test/runtime/functions/';
const NO_TESTS = '/node_modules/';
/** The runtime looks after what is the process's own, so each of its files gets a context of its own, as jest does by itself. */
const OWN_CONTEXT = ['--env', 'node'];
/** The tests of a room of the library stand in a folder of the same name. */
const CONSTRUCTS = `/test/(${directoriesOf(join(ROOT, 'src')).join('|')})/`;
const AFTER = ['generated', 'bundle', 'pythons'];
const AFTER_LAMBDA = [...AFTER, 'lambda'];

export const constructTests: Step = {
  name: 'jest-constructs',
  description: 'the jest tests of the library; snapshots are compared, never written',
  after: AFTER,
  async run(context) {
    return runJest(context, 'jest-constructs', ['--testPathPatterns', CONSTRUCTS, '--testPathIgnorePatterns', NO_TESTS, RUNTIME]);
  },
};

export const unitTests: Step = {
  name: 'jest',
  description: 'the jest tests of all but the library and the Node runtime: the command, the examples, the build',
  after: AFTER_LAMBDA,
  run: async context => runJest(context, 'jest', ['--testPathIgnorePatterns', NO_TESTS, RUNTIME, CONSTRUCTS]),
};

export const runtimeTests: Step = {
  name: 'jest-runtime',
  description: 'the jest tests of the Node runtime, on the Node that Lambda runs',
  after: AFTER_LAMBDA,
  async run(context) {
    const node = lambdaNode();
    context.note(`Node ${(await context.run(node, ['--version'])).trim()}`);
    const choice = [...OWN_CONTEXT, '--testPathPatterns', RUNTIME, '--testPathIgnorePatterns', NO_TESTS, BOX, FUNCTIONS];
    return runJest(context, 'jest-runtime', choice, node);
  },
};

export const functionTests: Step = {
  name: 'jest-functions',
  description: 'the library\'s own functions under Lambda\'s runtime interface client',
  after: AFTER_LAMBDA,
  load: 0.5,
  run: async context => runJest(context, 'jest-functions', [...OWN_CONTEXT, '--testPathPatterns', FUNCTIONS], lambdaNode()),
};

/** Whatever Node runs jest: the functions in the boxes run on those that the tests name. */
export const boxTests: Step = {
  name: 'jest-box',
  description: 'functions under Lambda\'s runtime interface client, on each Node that they must run on',
  after: AFTER_LAMBDA,
  load: 0.6,
  run: async context => runJest(context, 'jest-box', [...OWN_CONTEXT, '--testPathPatterns', BOX]),
};

async function runJest(context: StepContext, name: string, choice: readonly string[], node = 'node'): Promise<StepCounts> {
  const file = join(context.temporary, `${name}.json`);
  const args = [...choice, '--ci', '--json', '--outputFile', file];
  const env = { CI: 'true' };
  const run = context.run(node, [ROOMY, JEST, ...args], { env });
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

function directoriesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
}
