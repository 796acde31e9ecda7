"""One call of the function, of whatever kind, under the standard."""

from collections.abc import Callable
from time import perf_counter

from ...envelope.error_mapping import ErrorCode
from ...telemetry.invocation import Invocation, InvocationKind, is_under_standard, new_invocation, running
from ...telemetry.metrics import emit_metric
from .guard import time_limit


class StandardCall:
    """What a kind of handler makes its answer with."""

    __slots__ = ("_invocation", "_start", "_work")

    def __init__(self, invocation: Invocation, work: Callable[[], object], start: float) -> None:
        self._invocation = invocation
        self._work = work
        self._start = start

    def guarded(self) -> object:
        """Does the handler's work, but fails in time."""
        with time_limit(self._invocation):
            return self._work()

    def watched(self) -> object:
        """Does the handler's work, for as long as Lambda lets it; the log says that the time is nearly over."""
        with time_limit(self._invocation, ends=False):
            return self._work()

    def record(self, error_code: ErrorCode | None = None) -> None:
        """Counts what every call counts; called once the answer is ready."""
        elapsed = round((perf_counter() - self._start) * 1000, 3)
        emit_metric("LatencyEndToEndMs", elapsed, {"request_type": self._invocation.kind})
        if error_code:
            emit_metric("ErrorCount", 1, {"error_code": error_code})


def standard_call(
    kind: InvocationKind, event: object, context: object, work: Callable[[], object], answer: Callable[[StandardCall], object]
) -> object:
    """Puts a call under the standard; a call from within a handler that is under the standard already is just made."""
    if is_under_standard(context):
        return work()
    invocation = new_invocation(kind, event, context)
    with running(invocation):
        return answer(StandardCall(invocation, work, perf_counter()))
