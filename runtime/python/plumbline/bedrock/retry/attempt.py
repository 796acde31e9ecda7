"""One try of one call."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from .attempt_clock import AttemptClock


@dataclass(slots=True)
class Attempt:
    """What the layers below the retry loop need to know of it, and what they found."""

    region: str
    number: int
    max_attempts: int
    invocation_id: str
    clock: AttemptClock
    #: The answer is read event by event, and not as a whole.
    answers_with_events: bool
    #: Called once the request has gone out: while the service is at work, nobody waits for what is done then.
    on_sent: Callable[[], None]
    #: The attempt before lost its connection. Those that are idle may be as dead, without anybody having been told.
    fresh_connection: bool = False
    #: The user named the endpoint, so that no other Region can be reached.
    endpoint_pinned: bool = False
    #: What its request says besides, in headers that botocore may not know yet.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: A request was made of it. Without one a stub of a unit test has answered, and means it.
    requested: bool = False
    #: What the answer comes by.
    connection: socket.socket | None = None
    #: The answer as it came, before anybody has read a meaning into it.
    answer: Any = field(default=None)


# botocore resolves endpoint, signature and connection in layers that share no argument. Each reads the attempt it works for from here,
# so that one client serves two Regions and every layer agrees on which.
_current: ContextVar[Attempt | None] = ContextVar("plumbline_bedrock_attempt", default=None)


@contextmanager
def running(attempt: Attempt) -> Iterator[None]:
    token = _current.set(attempt)
    try:
        yield
    finally:
        _current.reset(token)


def current_attempt() -> Attempt | None:
    return _current.get()
