"""Measures one attempt: when each wait for the network must end."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import monotonic

from .time_limit_errors import BEDROCK, TimeLimitError, TimeLimitPhase


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """How long one attempt may take, as it stands when the attempt starts."""

    connect_ms: float
    read_ms: float
    #: In seconds of `time.monotonic()`. Infinity outside Lambda.
    deadline: float
    #: What is late by so much stood still itself, frozen by Lambda; the limit of the attempt then begins anew.
    standstill_ms: float
    #: Who is called.
    service: str = BEDROCK


class AttemptClock:
    """
    Connecting and reading have limits of their own; the deadline of the function is above both. Whoever is about to wait for the network
    asks how long it may, so that nothing runs beside the call: no thread and no timer, which a fork or a freeze would leave in pieces.
    """

    def __init__(self, limits: AttemptLimits, now: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self.service = limits.service
        self._now = now
        self._phase: TimeLimitPhase = "read"
        self._ends = inf
        self.reading()

    def connecting(self) -> None:
        self._start("connect")

    def reading(self) -> None:
        self._start("read")

    def waiting_for_more(self) -> None:
        """The next part of a stream. The time its reader takes between two parts is not the server's fault."""
        self._start("stream")

    def seconds_left(self) -> float:
        """How long the next wait may last. Raises `TimeLimitError` when there is no time left for it."""
        now = self._now()
        if now >= self._limits.deadline:
            raise TimeLimitError("deadline", 0, self.service)
        if now >= self._ends:
            if (now - self._ends) * 1_000 < self._limits.standstill_ms:
                raise TimeLimitError(self._phase, self._limit_ms(), self.service)
            self._start(self._phase)
        return min(self._ends, self._limits.deadline) - now

    def check(self) -> None:
        """After a wait that ran out of time: raises `TimeLimitError`, unless the process itself stood still and the wait may go on."""
        self.seconds_left()

    def expiry(self) -> TimeLimitError:
        """What somebody else's time-out is to be told as, who was given the time that was left."""
        try:
            self.seconds_left()
        except TimeLimitError as error:
            return error
        return TimeLimitError(self._phase, self._limit_ms(), self.service)

    def _start(self, phase: TimeLimitPhase) -> None:
        self._phase = phase
        self._ends = self._now() + self._limit_ms() / 1_000

    def _limit_ms(self) -> float:
        return self._limits.connect_ms if self._phase == "connect" else self._limits.read_ms
