"""A stream whose silences are limited."""

from collections.abc import Iterator
from typing import Any

from ..retry.attempt_clock import AttemptClock
from .event_stream_check import FrameLengths


class EventBody:
    """
    What botocore reads events from. Up to its first part the clock of the attempt goes on; after that only the time spent waiting for the
    server counts: a reader that takes its time between two parts is not the server's fault.
    """

    def __init__(self, raw: Any, clock: AttemptClock) -> None:
        self._raw = raw
        self._clock = clock
        self._parts: Iterator[bytes] = raw.stream()
        self._frames = FrameLengths()
        self._first = b""

    def begin(self) -> bool:
        """Waits for the first part. False when there is none."""
        self._first = self._next_part()
        return self._first != b""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        part, self._first = self._first, b""
        while part:
            self._frames.check(part)
            yield part
            self._clock.waiting_for_more()
            part = self._next_part()
        self._frames.require_whole()

    def _next_part(self) -> bytes:
        for part in self._parts:
            if part:
                return part
        return b""

    def close(self) -> None:
        self._raw.close()
