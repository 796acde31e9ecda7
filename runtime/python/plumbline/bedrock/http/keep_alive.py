"""How idle connections are kept, and for how long."""

import socket
import time
from dataclasses import dataclass

from .bounded_connect import SocketOptions


@dataclass(frozen=True, slots=True)
class KeepAlive:
    #: An idle connection is closed after so long: load balancers and NAT gateways drop it silently a little later.
    idle_ms: float
    #: After so long without traffic TCP asks whether the other side is there.
    probe_ms: float


# By what each system calls it. botocore's own setting leaves the two hours of Linux.
_IDLE_OPTIONS = ("TCP_KEEPIDLE", "TCP_KEEPALIVE")


def keep_alive_options(settings: KeepAlive) -> SocketOptions:
    seconds = max(1, round(settings.probe_ms / 1_000))
    options: list[tuple[int, int, int]] = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    names = next(([name] for name in _IDLE_OPTIONS if hasattr(socket, name)), [])
    for name in [*names, "TCP_KEEPINTVL"]:
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), seconds))
    return options


@dataclass(frozen=True, slots=True)
class Moment:
    """A time by both clocks of the machine: while Lambda freezes a function, one of them may stand still."""

    monotonic: float
    wall: float

    @staticmethod
    def now() -> "Moment":
        return Moment(time.monotonic(), time.time())

    def passed_ms(self) -> float:
        return max(time.monotonic() - self.monotonic, time.time() - self.wall) * 1_000
