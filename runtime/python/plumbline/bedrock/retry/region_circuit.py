"""Remembers between calls how the primary Region does."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from .failure_kind import FailureKind

FallbackReason = Literal["timeout", "error", "throttle"]
#: `closed`: the primary Region first. `open`: the fallback Region first. `probe`: this one call asks whether the primary is back.
CircuitDecision = Literal["closed", "open", "probe"]

_REASONS: dict[FailureKind, FallbackReason] = {"timeout": "timeout", "connection": "error", "server": "error", "throttling": "throttle"}


def fallback_reason(kind: FailureKind) -> FallbackReason:
    return _REASONS[kind]


@dataclass(frozen=True, slots=True)
class CircuitSettings:
    fallbacks_to_open: int
    open_ms: float


class RegionCircuit:
    """For any number of threads."""

    def __init__(self, settings: CircuitSettings, now_ms: Callable[[], float]) -> None:
        self._settings = settings
        self._now_ms = now_ms
        self._lock = Lock()
        self._fallbacks_in_a_row = 0
        self._open_until: float | None = None
        self._probing = False
        self._reason: FallbackReason = "error"

    @property
    def reason(self) -> FallbackReason:
        """Why the circuit last saw a call leave the primary."""
        return self._reason

    def decide(self) -> CircuitDecision:
        """A call that is told `probe` must say when it has ended, whatever came of it."""
        with self._lock:
            if self._open_until is None:
                return "closed"
            if self._probing or self._now_ms() < self._open_until:
                return "open"
            self._probing = True
            return "probe"

    def primary_answered(self) -> None:
        """The primary answered, be it with an error of the request: it is there."""
        with self._lock:
            self._fallbacks_in_a_row = 0
            self._open_until = None
            self._probing = False

    def fell_back(self, reason: FallbackReason, decision: CircuitDecision) -> None:
        """A call left the primary after its failures there."""
        with self._lock:
            self._reason = reason
            self._fallbacks_in_a_row += 1
            if decision == "probe" or self._fallbacks_in_a_row >= self._settings.fallbacks_to_open:
                self._open_until = self._now_ms() + self._settings.open_ms

    def probe_ended(self) -> None:
        """However the probe ended: when it brought no answer of the primary, a later call may probe."""
        with self._lock:
            self._probing = False
