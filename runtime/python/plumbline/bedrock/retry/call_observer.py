"""Who is told of one call while it runs."""

from dataclasses import dataclass
from typing import Protocol

from .failure_kind import FailureKind
from .region_circuit import FallbackReason


@dataclass(frozen=True, slots=True)
class CallEnd:
    #: None when the call succeeded.
    error: BaseException | None
    #: Where its last attempt went.
    region: str
    attempts: int
    #: What was answered; None when the call failed.
    result: object = None


class CallObserver(Protocol):
    def sent(self) -> None: ...

    def attempt_failed(self, kind: FailureKind | None) -> None: ...

    def rerouted(self, from_region: str, to_region: str, reason: FallbackReason) -> None: ...

    def ended(self, end: CallEnd) -> None: ...
