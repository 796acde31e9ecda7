import { dirname, join } from 'path';
import { Part } from './parts';
import { ROOT } from '../bundle/target';

/** @see https://stryker-mutator.io/docs/stryker-js/configuration */
export function strykerOptions({ mutate, tests, without, jest }: Part): object {
  return {
    packageManager: 'npm',
    plugins: ['@stryker-mutator/jest-runner', join(ROOT, 'build-tools', 'mutation', 'plugins.mjs')],
    testRunner: 'jest-of-sample',
    coverageAnalysis: 'perTest',
    mutate,
    jest: {
      projectType: 'custom',
      enableFindRelatedTests: false,
      config: {
        testMatch: tests.map(pattern => `<rootDir>/${pattern}`),
        testPathIgnorePatterns: ['/node_modules/', ...without],
        // For every mutant jest looks through them anew.
        roots: [...new Set(tests.map(folderOf))].map(folder => `<rootDir>/${folder}`),
        transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
        moduleNameMapper: { '^cdk-plumbline$': '<rootDir>/src/index.ts', '^cdk-plumbline/runtime$': '<rootDir>/runtime/node/index.ts' },
        testRunner: '<rootDir>/build-tools/mutation/jest/jest-circus-until-failure.cjs',
        testSequencer: '<rootDir>/build-tools/mutation/jest/quick-tests-first.cjs',
        clearMocks: true,
        // A promise that never settles ends here, and is counted as a time-out; Stryker's own limit costs a new process.
        testTimeout: 20_000,
        ...jest,
      },
    },
    ignorePatterns: [
      '/lib', '/dist', '/coverage', '/reports', '/local-stage', '/integ', '/cdk.out', '/.local-stage', '/.venv*', '/bench', '/API.md',
    ],
    concurrency: 1,
    ignoreStatic: true,
    timeoutMS: 60_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 40,
    // The CDK keeps every token that it ever made.
    maxTestRunnerReuse: 200,
    tempDirName: '.stryker-tmp',
    cleanTempDir: 'always',
    reporters: ['journal'],
    thresholds: { high: 100, low: 0, break: null },
  };
}

/** The folder of a file, or in which a pattern looks. */
function folderOf(pattern: string): string {
  return dirname(pattern.replace(/\*.*/, '*'));
}
