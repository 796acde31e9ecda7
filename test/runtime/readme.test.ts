import { readFileSync } from 'fs';
import { join } from 'path';
import { FAULT_CASES } from './bedrock/support/fault-cases';
import { CLIENT_POLICY, METRIC_CATALOG } from '../../src/contract/data';

const ROOT = join(__dirname, '../..');
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8').replace(/\n\s*\*\s*/g, ' ');
const { connectTimeoutMs, readTimeoutMs: { default: other, ...byTaskType }, maxAttempts, regions, circuit, refresh } = CLIENT_POLICY;
const timeouts = [...Object.entries(byTaskType), ['default', other] as const]
  .map(([taskType, ms]) => `${taskType} ${ms / 1000} s`)
  .join(', ');

const { exitTimeoutMs, maxDataPerCall, maxWaitingData } = METRIC_CATALOG.transport;

/** What people read must be what the contract says. */
test.each([
  `${connectTimeoutMs / 1000} s to connect`,
  timeouts,
  `${maxAttempts} in all`,
  `to ${regions.fallback} (from there to ${regions.primary})`,
  `every ${circuit.openMs / 1000} s one asks`,
  `of ${FAULT_CASES.length} faults`,
  `at most ${maxDataPerCall} data each`,
  `${maxWaitingData.toLocaleString('en')} data can wait`,
  `for ${exitTimeoutMs / 1000} seconds at most`,
])('the page of the runtime says "%s"', sentence => expect(text('runtime/README.md')).toContain(sentence));

test('so it does of what is counted in words', () => {
  expect([regions.failuresBeforeFallback, circuit.fallbacksToOpen, refresh.intervalMs]).toEqual([2, 3, 60_000]);
  for (const words of ['after two failures', 'after three calls in a row', 'asked every minute']) {
    expect(text('runtime/README.md')).toContain(words);
  }
});

test('the construct says the same of the read timeouts', () =>
  expect(text('src/bedrock/client-policy/bedrock-client-policy.ts')).toContain(timeouts));
