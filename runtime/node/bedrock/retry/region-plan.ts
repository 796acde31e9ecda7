/** Which Regions one call may try, in order, and how many failures the first of them may have. */
export interface RegionPlan {
  /** The first, and the one to reroute to; only one where rerouting is not allowed or not possible. */
  readonly regions: readonly [string] | readonly [string, string];
  readonly failuresBeforeFallback: number;
  readonly maxAttempts: number;
}

/** The Region of the next attempt after so many failed ones, or undefined when the budget is spent. One budget counts for both Regions. */
export function regionOfAttempt(plan: RegionPlan, failedAttempts: number): string | undefined {
  if (failedAttempts >= plan.maxAttempts) return undefined;
  const [first, second] = plan.regions;
  return failedAttempts < plan.failuresBeforeFallback ? first : second ?? first;
}

/** The same plan for a call that leaves this Region early, or undefined when there is nowhere to go from it. */
export function planWithout(region: string, plan: RegionPlan): RegionPlan | undefined {
  const [first, second] = plan.regions;
  return region === first && second !== undefined ? { ...plan, regions: [second] } : undefined;
}
