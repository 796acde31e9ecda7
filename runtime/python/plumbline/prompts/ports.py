"""What prompts need from their surroundings, and how the runtime fills it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal, Protocol

from ..contract import document
from ..telemetry.invocation import current_invocation
from ..telemetry.log import LOG_EVENTS, log_event
from ..telemetry.metrics import emit_metric
from .attributes import Attributes
from .signing_key import KmsKey

PromptEvent = Literal["promptIntegrityFailed", "promptStale", "promptBundled", "promptUnavailable"]
PromptMetric = Literal["PromptIntegrityFailureCount", "PromptStaleCount", "PromptBundledCount", "PromptUnavailableCount"]

_CONTRACT = document("prompt-registry")


class PromptStore(Protocol):
    """Where prompts are kept."""

    def deployment(self, key: Mapping[str, str]) -> Attributes | None:
        """The item that says what an environment serves, as it is now; None when there is none."""

    def object(self, key: str, version_id: str) -> bytes:
        """The bytes of one version of an object."""

    def signing_key(self, key_id: str) -> KmsKey: ...


class PromptPorts(Protocol):
    """A clock, how long prompts may take, and somewhere to tell what happened."""

    def now(self) -> float:
        """Seconds by the wall clock, which goes on while Lambda freezes the function."""

    def remaining_time_ms(self) -> float:
        """Milliseconds until Lambda ends the function; infinity where nothing does."""

    def log(self, level: Literal["warn", "error"], event: PromptEvent, fields: Mapping[str, object]) -> None: ...

    def count(self, metric: PromptMetric, value: int, dimensions: Mapping[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class PromptLimits:
    """The numbers of the contract that reading goes by, in seconds. Tests give shorter ones."""

    fresh: float = _CONTRACT["cache"]["freshSeconds"]
    max_stale: float = _CONTRACT["cache"]["maxStaleSeconds"]
    #: How long a caller who could be served a stale prompt waits for a fresh one.
    wait: float = _CONTRACT["read"]["waitMs"] / 1_000
    #: How long anybody waits.
    total: float = _CONTRACT["read"]["totalMs"] / 1_000
    #: How long the registry is left alone after it could not be read.
    retry: float = _CONTRACT["read"]["retryMs"] / 1_000


class RuntimePromptPorts:
    def now(self) -> float:
        return time.time()

    def remaining_time_ms(self) -> float:
        invocation = current_invocation()
        return inf if invocation is None else invocation.remaining_time_ms()

    def log(self, level: Literal["warn", "error"], event: PromptEvent, fields: Mapping[str, object]) -> None:
        log_event(level, LOG_EVENTS[event], fields)

    def count(self, metric: PromptMetric, value: int, dimensions: Mapping[str, str]) -> None:
        emit_metric(metric, value, dimensions)
