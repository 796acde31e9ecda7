"""Sockets each of whose waits ends when the clock of the attempt says so."""

import socket
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

from ..retry.attempt import current_attempt
from ..retry.attempt_clock import AttemptClock

T = TypeVar("T")


class _Bounded(socket.socket):
    """
    A time-out of a socket counts from one part of an answer to the next: what comes byte by byte never ends. Here the limit is
    set anew before each wait, to what the attempt has left.
    """

    clock: AttemptClock | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        return self._bounded(super().recv_into, *args, **kwargs)

    def send(self, data: Any, flags: int = 0) -> int:
        return self._bounded(super().send, data, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        # What the attempt has left is the limit of all of it: after a wait that ran out nobody knows how much has gone out.
        if self.clock is not None:
            self.settimeout(self.clock.seconds_left())
        super().sendall(data, flags)

    def _bounded(self, wait: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        clock = self.clock
        if clock is None:
            return wait(*args, **kwargs)
        while True:
            self.settimeout(clock.seconds_left())
            try:
                return wait(*args, **kwargs)
            except TimeoutError:
                clock.check()


class BoundedSocket(_Bounded):
    pass


class BoundedTlsSocket(_Bounded, ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:
        # Certificates have been read since the connection stands, which takes a small function a while.
        attempt = current_attempt()
        if attempt is not None:
            self.settimeout(attempt.clock.seconds_left())
        super().do_handshake(block)
