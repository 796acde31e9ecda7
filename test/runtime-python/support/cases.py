"""How many cases are generated for each property."""

import os

_CASES = int(os.environ.get("PLUMBLINE_GENERATED_RESULTS", "20000"))


def generated(cases_of_one: int) -> int:
    """How many values are drawn, each of which makes so many cases."""
    return -(-_CASES // cases_of_one)
