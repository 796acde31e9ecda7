"""Which Regions one call may try, in order."""

from dataclasses import dataclass, replace

from .region_circuit import CircuitDecision


@dataclass(frozen=True, slots=True)
class RegionPlan:
    """The first Region, the one to reroute to where that is allowed and possible, and how many failures the first may have."""

    regions: tuple[str] | tuple[str, str]
    failures_before_fallback: int
    max_attempts: int


def plan_for(
    decision: CircuitDecision, primary: str, fallback: str | None, *, failures_before_fallback: int, max_attempts: int
) -> RegionPlan:
    if fallback is None:
        return RegionPlan((primary,), failures_before_fallback, max_attempts)
    if decision == "open":
        return RegionPlan((fallback, primary), failures_before_fallback, max_attempts)
    return RegionPlan((primary, fallback), 1 if decision == "probe" else failures_before_fallback, max_attempts)


def region_of_attempt(plan: RegionPlan, failed_attempts: int) -> str | None:
    """The Region of the next attempt after so many failed ones, or None when the budget is spent. One budget counts for both Regions."""
    if failed_attempts >= plan.max_attempts:
        return None
    return plan.regions[0] if failed_attempts < plan.failures_before_fallback else plan.regions[-1]


def plan_without(region: str, plan: RegionPlan) -> RegionPlan | None:
    """The same plan for a call that leaves this Region early, or None when there is nowhere to go from it."""
    if len(plan.regions) == 1 or region != plan.regions[0]:
        return None
    return replace(plan, regions=(plan.regions[1],))
