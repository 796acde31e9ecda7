"""Where a client calls, and where it may go when calls fail there."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...contract.regions import is_known_region, is_region, partition_of
from ...contract.teaching_text import teaching_text
from .client_policy import ClientPolicy


@dataclass(frozen=True, slots=True)
class RegionPair:
    primary: str
    fallback: str | None


def own_region(policy: ClientPolicy, env: Mapping[str, str]) -> str:
    """Where the function runs."""
    return env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or policy.primary


def region_pair(
    region: str | None, allow_cross_region: bool, policy: ClientPolicy, env: Mapping[str, str], where: str = "BedrockClientFactory.create"
) -> RegionPair:
    own = own_region(policy, env)
    primary = own if region is None else region
    # The Region of the function exists, also when it is newer than the contract.
    if not isinstance(primary, str) or not (is_known_region(primary) or (primary == own and is_region(primary))):
        raise ValueError(
            teaching_text(
                where,
                problem="the Region does not exist",
                given=primary,
                allowed='a Region of AWS such as "us-east-1", or the one the function runs in',
                fix="leave `region` out to use the Region of the function; a newer Region comes with a newer version of the layer",
            )
        )
    if not allow_cross_region:
        return RegionPair(primary, None)
    if partition_of(primary) != partition_of(policy.fallback):
        raise ValueError(
            teaching_text(
                where,
                problem="there is no fallback Region in this partition",
                given=f"allow_cross_region=True in {primary}",
                allowed=f"Regions of the partition of {policy.fallback}",
                fix="leave `allow_cross_region` out here",
            )
        )
    return RegionPair(primary, policy.primary if primary == policy.fallback else policy.fallback)
