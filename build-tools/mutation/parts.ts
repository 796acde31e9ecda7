/** A part of the product whose tests are tested: which files, where their tests are, and the score that they must reach. */
export interface Part {
  readonly goal: number;
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Patterns of tests that no mutant needs. */
  readonly without: readonly string[];
  readonly jest: Readonly<Record<string, unknown>>;
  /** Whether its tests run on the Node.js of Lambda. */
  readonly onLambdaNode: boolean;
}

/** Tests that make templates: the CDK and the library are loaded once for all mutants, as in `npm test` for all files. */
const CONSTRUCTS = {
  onLambdaNode: false,
  jest: {
    testEnvironment: './build-tools/mutation/jest/environment.cjs',
    runtime: '<rootDir>/build-tools/mutation/jest/runtime.cjs',
    setupFiles: ['<rootDir>/test/support/jest/before-each-file.ts'],
  },
};

export const PARTS: ReadonlyMap<string, Part> = new Map<string, Part>([
  ['governance', {
    ...CONSTRUCTS,
    goal: 75,
    mutate: ['src/governance/**/*.ts', 'src/contract/iam/*.ts', '!src/governance/**/index.ts'],
    // The command also reads templates with the checks; levels of checks are a matter of the standards.
    tests: [
      'test/governance/**/*.test.ts', 'test/contract/iam-patterns.test.ts', 'test/cli/check/*.test.ts', 'test/standards/checks.test.ts',
    ],
    without: [],
  }],
  ['bedrock', {
    ...CONSTRUCTS,
    goal: 75,
    mutate: ['src/bedrock/**/*.ts', '!src/bedrock/**/index.ts'],
    tests: ['test/bedrock/**/*.test.ts'],
    // Thousands of roles, each beside a simulation of its permissions: minutes for every mutant.
    without: ['/least-privilege.property.test.ts'],
  }],
  ['runtime', {
    goal: 82,
    mutate: [
      'runtime/node/**/*.ts',
      '!runtime/node/index.ts',
      '!runtime/node/bedrock/client/bedrock-client-factory.ts',
      '!runtime/node/handler/layer/**',
    ],
    tests: ['test/runtime/**/*.test.ts'],
    without: [
      // They run the packed layer, or programs and pages that they write, in processes of their own, which no mutant reaches.
      '/test/runtime/box/', '/telemetry/container-metrics.test.ts', '/retry/freeze.test.ts', '/types.test.ts',
      '/test/runtime/layer.test.ts', '/readme.test.ts', '/unit-tests-page.test.ts', '/python-unit-tests-page.test.ts',
      // The library's own functions are no part of it: what they do is theirs to show.
      '/test/runtime/functions/',
      // 200 calls at once for every case take a quarter of all time, on ways that the other tests of retries go too.
      '/retry/burst.test.ts',
    ],
    onLambdaNode: true,
    jest: { testEnvironment: 'node' },
  }],
]);
