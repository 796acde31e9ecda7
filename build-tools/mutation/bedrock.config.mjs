import { mutationOf } from './common.mjs';

export default mutationOf({
  name: 'bedrock',
  mutate: ['src/bedrock/**/*.ts', '!src/bedrock/**/index.ts'],
  jest: {
    testMatch: ['<rootDir>/test/bedrock/**/*.test.ts'],
    testPathIgnorePatterns: ['/node_modules/', '/least-privilege.property.test.ts'],
  },
  thresholds: { high: 85, low: 80, break: 75 },
});
