"""Makes a connection within one limit, however many addresses a name has."""

import socket
from collections.abc import Sequence
from threading import Thread
from typing import Any

from ..retry.attempt_clock import AttemptClock
from .bounded_sockets import BoundedSocket

SocketOptions = Sequence[tuple[Any, ...]]
Address = tuple[Any, ...]


def bounded_connect(
    host: str, port: int, *, clock: AttemptClock, options: SocketOptions = (), source_address: tuple[str, int] | None = None
) -> BoundedSocket:
    """
    A connected socket. Raises `TimeLimitError` when there is none in time, or the `OSError` of the last address.

    The libraries give each address the whole limit: a name with six of them could take six times as long.
    """
    addresses = _addresses_of(host, port, clock)
    failure: OSError | None = None
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        # An address that does not answer leaves time for the others.
        share = clock.seconds_left() / (len(addresses) - number)
        connected = BoundedSocket(family, kind, protocol)
        try:
            for option in options:
                connected.setsockopt(*option)
            if source_address is not None:
                connected.bind(source_address)
            connected.settimeout(share)
            connected.connect(address)
        except OSError as error:
            connected.close()
            failure = error
        else:
            return connected
    if failure is None:
        raise OSError(f"the name {host} has no address")
    raise clock.expiry() if isinstance(failure, TimeoutError) else failure


def _addresses_of(host: str, port: int, clock: AttemptClock) -> list[Address]:
    """The resolver knows no limit of its own that a caller could set: it works beside, and is given up."""
    found: list[list[Address]] = []
    failed: list[Exception] = []

    def resolve() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            failed.append(error)

    resolver = Thread(target=resolve, daemon=True, name="plumbline-resolver")
    resolver.start()
    while not found and not failed:
        resolver.join(clock.seconds_left())
        if resolver.is_alive():
            clock.check()
    if failed:
        raise failed[0]
    return found[0]
