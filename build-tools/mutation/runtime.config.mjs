import { mutationOf } from './common.mjs';

export default mutationOf({
  name: 'runtime',
  mutate: [
    'runtime/node/**/*.ts',
    '!runtime/node/index.ts',
    '!runtime/node/bedrock/client/bedrock-client-factory.ts',
    '!runtime/node/handler/layer/**',
  ],
  jest: {
    testMatch: ['<rootDir>/test/runtime/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/test/runtime/box/', '/test/runtime/layer.test.ts', '/test/runtime/readme.test.ts'],
    moduleNameMapper: { '^cdk-plumbline/runtime$': '<rootDir>/runtime/node/index.ts' },
    testSequencer: '<rootDir>/test/runtime/quick-tests-first.cjs',
  },
  concurrency: 6,
  thresholds: { high: 90, low: 85, break: 80 },
});
