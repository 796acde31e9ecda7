"""Waits for the work of an invocation, but not for ever: it fails shortly before Lambda would end the function without an answer."""

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ...contract import document
from ...telemetry.invocation import Invocation
from ...telemetry.log import LOG_EVENTS, log_event

_LIMITS = document("runtime-environment")["limits"]
_MARGIN_MS: int = _LIMITS["timeoutMarginMs"]
_MARGIN_SHARE: float = _LIMITS["timeoutMarginShare"]
# Longer than any function may run; what remains of a longer time need not be watched.
_LONGEST_MS = 24 * 3600 * 1000
# What was raised into work that swallows it is raised again, in this part of the margin.
_AGAIN_SHARE = 0.4


class InvocationTimeout(BaseException):
    """
    The function's own time is nearly over.

    No `Exception`: a handler that tries again at every exception would take this one for a failure of what it tries.
    """


class InvocationTimeoutError(TimeoutError):
    """What an invocation fails with whose time was nearly over. Its class is what the contract maps to TIMEOUT."""


@contextmanager
def time_limit(invocation: Invocation, *, ends: bool = True) -> Iterator[None]:
    """
    Raises an InvocationTimeoutError shortly before the function's time is over, from within whatever waits or works in this block.

    With `ends=False` only the log says so. By a signal, which reaches the main thread only. Elsewhere, and where the function uses the
    signal itself, there is no limit.
    """
    remaining = invocation.remaining_time_ms()
    if remaining > _LONGEST_MS or not _is_signal_free():
        yield
        return
    margin = min(_MARGIN_MS, max(0.0, remaining) * _MARGIN_SHARE)
    is_expired = False

    def expire(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_expired
        if not is_expired:
            is_expired = True
            log_event("warn", LOG_EVENTS["timeoutCloseBy"], {"remaining_ms": round(invocation.remaining_time_ms())})
        if ends:
            raise InvocationTimeout

    signal.signal(signal.SIGALRM, expire)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(1.0, remaining - margin) / 1000, max(1.0, margin * _AGAIN_SHARE) / 1000)
        yield
    except InvocationTimeout:
        signal.setitimer(signal.ITIMER_REAL, 0)
        left = invocation.remaining_time_ms()
        raise InvocationTimeoutError(f"No answer with {round(left) if math.isfinite(left) else 0} ms left of the function's time") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _is_signal_free() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
        and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )
