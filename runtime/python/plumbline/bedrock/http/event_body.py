"""A stream whose silences are limited."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..retry.attempt_clock import AttemptClock
from .event_stream_check import FrameLengths


class EventBody:
    """
    What botocore reads events from. Up to its first part the clock of the attempt goes on; after that only the time spent waiting for the
    server counts: a reader that takes its time between two parts is not the server's fault.
    """

    def __init__(self, raw: Any, clock: AttemptClock, connection: socket.socket | None) -> None:
        self._raw = raw
        self._clock = clock
        self._connection = connection
        self._parts: Iterator[bytes] = raw.stream()
        self._frames = FrameLengths(clock.service)
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
        # From here on the connection belongs to another call.
        self._connection = None
        return b""

    def close(self) -> None:
        """Also of a stream that another thread is waiting for: it is woken, which closing alone would not do."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._raw.close()
