"""Time in tests on a machine that has other work too."""

import time
from collections.abc import Callable

# Nobody waits so long on a machine that does anything at all.
_PATIENCE_SECONDS = 60

# What other work on the machine may add to the slowest of some runs.
BUSY_MS = 1_000


def wait_until(is_so: Callable[[], bool]) -> None:
    """Waits for what comes by itself, be the machine as slow as it is; in the end the assertion fails."""
    due = time.monotonic() + _PATIENCE_SECONDS
    while not is_so() and time.monotonic() < due:
        time.sleep(0.02)
    assert is_so(), f"still not so after {_PATIENCE_SECONDS} s"


def ms_of(work: Callable[[], object], runs: int = 3) -> list[float]:
    """What each of some runs takes, in milliseconds: what must never be late has to be in time in each of them."""
    took = []
    for _ in range(runs):
        started = time.monotonic()
        work()
        took.append((time.monotonic() - started) * 1_000)
    return took


def quickest_ms_of(work: Callable[[], object], enough_ms: float, runs: int = 6) -> float:
    """The least of some runs, in milliseconds: other work on the machine must not count. Ends with a run that is quick enough."""
    least = float("inf")
    for _ in range(runs):
        started = time.monotonic()
        work()
        least = min(least, (time.monotonic() - started) * 1_000)
        if least <= enough_ms:
            break
    return least
