"""A part of a text."""

import re
from typing import NamedTuple


class Span(NamedTuple):
    """Where a secret stands in a text."""

    start: int
    end: int


def try_span(start: int, end: int) -> Span | None:
    return Span(start, end) if end > start else None


def end_of(pattern: re.Pattern[str], text: str, start: int) -> int | None:
    """Where a match that begins here ends."""
    match = pattern.match(text, start)
    return match.end() if match else None
