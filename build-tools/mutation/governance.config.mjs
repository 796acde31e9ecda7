import { mutationOf } from './common.mjs';

export default mutationOf({
  name: 'governance',
  mutate: ['src/governance/**/*.ts', 'src/contract/iam/*.ts', '!src/governance/**/index.ts'],
  jest: {
    testMatch: ['<rootDir>/test/governance/**/*.test.ts', '<rootDir>/test/contract/iam-patterns.test.ts'],
    testPathIgnorePatterns: ['/node_modules/'],
  },
  thresholds: { high: 85, low: 80, break: 75 },
});
