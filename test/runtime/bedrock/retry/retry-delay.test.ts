import * as fc from 'fast-check';
import { STANDARD_POLICY } from '../../../../runtime/node/bedrock/client/client-policy';
import { retryDelayMs } from '../../../../runtime/node/bedrock/retry/retry-delay';

describe('the wait before a retry', () => {
  const kinds = fc.constantFrom('timeout' as const, 'connection' as const, 'server' as const, 'throttling' as const);
  const options = fc.record({ kind: kinds, retry: fc.integer({ min: 0, max: 5 }), random: fc.double({ min: 0, max: 1, noNaN: true }) });

  test('grows at most by the power of two, from 1 s for throttling and 50 ms for the rest', () => {
    fc.assert(fc.property(options, given => {
      const base = given.kind === 'throttling' ? 1_000 : 50;
      const delay = retryDelayMs({ ...given, hintMs: undefined }, STANDARD_POLICY.backoff);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(base * 2 ** given.retry);
    }));
  });

  test('is drawn from the whole range', () => {
    expect(retryDelayMs({ kind: 'throttling', retry: 1, hintMs: undefined, random: 0 }, STANDARD_POLICY.backoff)).toBe(0);
    expect(retryDelayMs({ kind: 'throttling', retry: 1, hintMs: undefined, random: 1 }, STANDARD_POLICY.backoff)).toBe(2_000);
  });

  test('is not shorter than Retry-After asks for', () => {
    expect(retryDelayMs({ kind: 'throttling', retry: 0, hintMs: 3_000, random: 0.5 }, STANDARD_POLICY.backoff)).toBe(3_000);
  });

  test('does not let Retry-After add more than five seconds', () => {
    expect(retryDelayMs({ kind: 'throttling', retry: 0, hintMs: 3_600_000, random: 0.5 }, STANDARD_POLICY.backoff)).toBe(5_500);
  });

  test('does not go below zero for a Retry-After in the past', () => {
    expect(retryDelayMs({ kind: 'server', retry: 0, hintMs: -10_000, random: 0 }, STANDARD_POLICY.backoff)).toBe(0);
  });
});
