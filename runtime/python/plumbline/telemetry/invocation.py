"""One call of the function, from event to answer."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from ..lifecycle import after_fork

InvocationKind = Literal["API", "EVENT"]

# The id for an envelope made outside of any invocation.
UNKNOWN_REQUEST = "unknown"


class Invocation:
    """No data class: each of those costs a start half a millisecond and more, as much as a whole module."""

    __slots__ = ("context", "kind", "lambda_request_id", "remaining_time_ms", "request_id")

    def __init__(
        self, kind: InvocationKind, request_id: str, lambda_request_id: str, remaining_time_ms: Callable[[], float], context: object
    ) -> None:
        self.kind: InvocationKind = kind
        # The request id of API Gateway when there is one, else that of Lambda: what the caller sees.
        self.request_id = request_id
        self.lambda_request_id = lambda_request_id
        # Infinity where there is no limit, as in a unit test.
        self.remaining_time_ms = remaining_time_ms
        # Lambda's own, by which a handler within a handler is known.
        self.context = context


_current: ContextVar[Invocation | None] = ContextVar("plumbline_invocation", default=None)
_running: set[Invocation] = set()
# Whether requests have run side by side: from then on the only one that is running need not be the one that work belongs to.
_side_by_side = False
_lock = threading.Lock()


@after_fork
def _begin_anew() -> None:
    """Whatever thread held the lock is not in the child."""
    global _lock
    _lock = threading.Lock()


def current_invocation() -> Invocation | None:
    """
    The invocation that the code at work belongs to.

    The context tells, except in a thread, which begins without one, or with that of the request that started it: then it is the
    only request that is running, where requests come one at a time.
    """
    origin = _current.get()
    if _side_by_side or _is_running(origin):
        return origin
    with _lock:
        if len(_running) == 1:
            return next(iter(_running))
    return origin


@contextmanager
def running(invocation: Invocation) -> Iterator[Invocation]:
    """The invocation is running, and the current one, until the block is left."""
    global _side_by_side
    with _lock:
        # One that is made within another is part of that one.
        _side_by_side = _side_by_side or (bool(_running) and not _is_running(_current.get()))
        _running.add(invocation)
    token = _current.set(invocation)
    try:
        yield invocation
    finally:
        with _lock:
            _running.discard(invocation)
        _current.reset(token)


def _is_running(invocation: Invocation | None) -> bool:
    return invocation is not None and invocation in _running


def is_under_standard(context: object) -> bool:
    """Whether a handler is called from within another one that is under the standard already: with the same context of Lambda's."""
    invocation = _current.get()
    return invocation is not None and invocation.context is context


def new_invocation(kind: InvocationKind, event: object, context: object) -> Invocation:
    lambda_request_id = _non_empty(getattr(context, "aws_request_id", None)) or UNKNOWN_REQUEST
    return Invocation(
        kind=kind,
        request_id=_gateway_request_id(event) or lambda_request_id,
        lambda_request_id=lambda_request_id,
        remaining_time_ms=_remaining_time(context),
        context=context,
    )


def _gateway_request_id(event: object) -> str | None:
    request = event.get("requestContext") if isinstance(event, Mapping) else None
    return _non_empty(request.get("requestId")) if isinstance(request, Mapping) else None


def _remaining_time(context: object) -> Callable[[], float]:
    given = getattr(context, "get_remaining_time_in_millis", None)
    if not callable(given):
        return lambda: math.inf

    def remaining() -> float:
        left = given()
        return float(left) if isinstance(left, int | float) and math.isfinite(left) else math.inf

    return remaining


def _non_empty(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
