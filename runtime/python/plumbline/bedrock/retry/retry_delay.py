"""How long a call waits before it tries again in the same Region."""

from .failure_kind import FailureKind
from .retry_policy import BackoffPolicy


def retry_delay_ms(kind: FailureKind, policy: BackoffPolicy, *, retry: int, hint_ms: float | None, random: float) -> float:
    """
    Exponential back-off with full jitter; never shorter than what the server asks for within reason.

    `retry` is 0 for the first retry in this Region, `hint_ms` what Retry-After asks for, from now, and `random` lies between 0 and 1.
    """
    own_ms = random * policy.base_ms[kind] * 2.0**retry
    return max(own_ms, min(hint_ms or 0.0, own_ms + policy.max_hint_ms))
