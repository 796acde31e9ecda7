"""When a call must end."""

from math import inf, isfinite
from time import monotonic


def call_deadline(remaining_time_ms: float, *, reserve_ms: float, reserve_share: float) -> float:
    """In seconds of `time.monotonic()`: early enough that the function can still answer before Lambda ends it."""
    if not isfinite(remaining_time_ms):
        return inf
    return monotonic() + (remaining_time_ms - min(reserve_ms, remaining_time_ms * reserve_share)) / 1_000
