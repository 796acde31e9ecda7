import * as fc from 'fast-check';
import { RegionPlan, regionOfAttempt } from '../../../../runtime/node/bedrock/retry/region-plan';

const plans: fc.Arbitrary<RegionPlan> = fc.record({
  regions: fc.oneof(fc.constant(['home'] as const), fc.constant(['home', 'away'] as const)),
  failuresBeforeFallback: fc.integer({ min: 1, max: 5 }),
  maxAttempts: fc.integer({ min: 1, max: 8 }),
});

describe('the attempts of one call', () => {
  test('are as many as the budget, over both Regions together', () => {
    fc.assert(fc.property(plans, plan => {
      const attempts = Array.from({ length: 20 }, (_, failed) => regionOfAttempt(plan, failed)).filter(region => region !== undefined);
      expect(attempts).toHaveLength(plan.maxAttempts);
    }));
  });

  test('start at home, and never return there once they have left', () => {
    fc.assert(fc.property(plans, plan => {
      const regions = Array.from({ length: plan.maxAttempts }, (_, failed) => regionOfAttempt(plan, failed));
      const home = regions.filter(region => region === 'home').length;
      expect(regions.slice(0, home).every(region => region === 'home')).toBe(true);
      expect(home).toBe(plan.regions.length === 1 ? plan.maxAttempts : Math.min(plan.failuresBeforeFallback, plan.maxAttempts));
    }));
  });

  test('of the standard are two in the primary Region and one in the fallback Region', () => {
    const plan: RegionPlan = { regions: ['us-east-1', 'us-west-2'], failuresBeforeFallback: 2, maxAttempts: 3 };
    expect([0, 1, 2, 3].map(failed => regionOfAttempt(plan, failed))).toEqual(['us-east-1', 'us-east-1', 'us-west-2', undefined]);
  });
});
