import { fileURLToPath } from 'node:url';

/**
 * What every mutation run has in common.
 * @param {{ name: string, mutate: string[], jest: object, concurrency?: number, thresholds: object }} part
 * @see https://stryker-mutator.io/docs/stryker-js/configuration
 */
export function mutationOf({ name, mutate, jest, concurrency = 2, thresholds }) {
  return {
    packageManager: 'npm',
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner', fileURLToPath(new URL('sample-checker.mjs', import.meta.url))],
    checkers: ['sample'],
    coverageAnalysis: 'perTest',
    mutate,
    jest: {
      projectType: 'custom',
      enableFindRelatedTests: false,
      config: {
        transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
        clearMocks: true,
        testTimeout: 60_000,
        ...jest,
      },
    },
    ignorePatterns: [
      '/lib', '/dist', '/coverage', '/reports', '/examples', '/local-stage', '/integ', '/cdk.out', '/.local-stage', '/.venv*', '/bench',
    ],
    concurrency,
    ignoreStatic: true,
    timeoutMS: 10_000,
    dryRunTimeoutMinutes: 30,
    tempDirName: '.stryker-tmp',
    reporters: ['clear-text', 'json', 'dots'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: `coverage/mutation-${name}.json` },
    thresholds,
  };
}
