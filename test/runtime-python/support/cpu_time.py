"""CPU time of some work, fair to slow machines."""

import re
import time
from collections.abc import Callable

# What the reference work takes where the limits of the tests were set: on the machine of docs/quality.md, idle.
REFERENCE_MS = 9.0
_TEXT = "the quick brown fox, password: is what it is\n" * 1600
_PATTERN = re.compile(r"(?:[a-z]{1,12}(?<=x|d)[:,]\s{0,4}|\bis\b)(?=[a-z])?")


def cpu_ms_of(work: Callable[[], object], enough: float, runs: int = 5) -> float:
    """The least of some runs, in milliseconds: other work on the machine must not count. Ends with a run that is short enough.

    A machine that is slower than the one the limits were set on is told by a reference work between the runs, and gets its time in
    proportion.
    """
    least = reference = float("inf")
    for _ in range(runs):
        least = min(least, _cpu_ms(work))
        if least <= enough:
            return least
        reference = min(reference, _cpu_ms(_reference_work))
    return least / max(1.0, reference / REFERENCE_MS)


def _reference_work() -> int:
    """Of the kind that is measured: a pattern that looks back and forth, and short texts that are cut and looked up."""
    return len({_TEXT[max(0, match.start() - 5) : match.end()] for match in _PATTERN.finditer(_TEXT)})


def _cpu_ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)
