"""How many retries one Region gets while it fails."""

from dataclasses import dataclass

from botocore.retries.quota import RetryQuota

from .failure_kind import FailureKind

# The numbers of the AWS SDKs' standard retries, in every language.
_COST: dict[FailureKind, int] = {"timeout": 14, "connection": 14, "server": 14, "throttling": 5}


@dataclass(frozen=True, slots=True)
class RetryToken:
    """The right to one attempt; a success gives back what it cost."""

    retries: int
    cost: int


# A success without a retry gives back a little, so that the quota fills again.
FIRST_ATTEMPT = RetryToken(retries=0, cost=1)


class RegionQuota:
    def __init__(self) -> None:
        self._quota = RetryQuota()

    def again(self, token: RetryToken, kind: FailureKind) -> RetryToken | None:
        """The right to one more attempt, or None when the Region has failed so often lately that its quota is spent."""
        cost = _COST[kind]
        return RetryToken(token.retries + 1, cost) if self._quota.acquire(cost) else None

    def succeeded(self, token: RetryToken) -> None:
        self._quota.release(token.cost)
