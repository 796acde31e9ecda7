"""Tells metrics and log what became of one call."""

from dataclasses import dataclass
from time import monotonic

from ...contract import document
from ..retry.attempt_clock import AttemptLimits
from ..retry.call_observer import CallEnd
from ..retry.failure_kind import FailureKind
from ..retry.region_circuit import FallbackReason
from ..retry.told_error import name_of
from .client_version import BEDROCK_CLIENT_VERSION
from .ports import BedrockPorts

_TELEMETRY = document("client-policy")["telemetry"]


@dataclass(frozen=True, slots=True)
class ReportedCall:
    #: As the log tells it, such as `Converse`.
    operation: str
    model_id: str | None
    task_type: str
    limits: AttemptLimits


class CallReport:
    def __init__(self, ports: BedrockPorts, call: ReportedCall) -> None:
        self._ports = ports
        self._call = call
        self._started = monotonic()
        self._counted = False
        self._model = {} if call.model_id is None else {"model_id": call.model_id}

    def sent(self) -> None:
        """While the service is at work: a function that is ended while it waits has still been counted."""
        if self._counted or not self._model:
            return
        self._counted = True
        dimensions = {**self._model, "task_type": self._call.task_type, _TELEMETRY["versionDimension"]: BEDROCK_CLIENT_VERSION}
        self._ports.count_invocation(dimensions)
        # A metric of which only the bad moments are known looks the same as one that nobody emits.
        self._ports.count_throttling(0, self._model)

    def attempt_failed(self, kind: FailureKind | None) -> None:
        if kind == "throttling":
            self._count_throttling()

    def rerouted(self, from_region: str, to_region: str, reason: FallbackReason) -> None:
        self._ports.count_fallback({"from_region": from_region, "to_region": to_region, "reason": reason})
        self._ports.log_fallback({"primary_region": from_region, "fallback_region": to_region, "latency_to_failure_ms": self._elapsed_ms()})

    def ended(self, end: CallEnd) -> None:
        self.sent()
        call = self._call
        self._ports.log_call(
            {
                "operation": call.operation,
                **self._model,
                "task_type": call.task_type,
                "region": end.region,
                "outcome": "success" if end.error is None else name_of(end.error),
                "attempts": end.attempts,
                "latency_ms": self._elapsed_ms(),
                _TELEMETRY["versionDimension"]: BEDROCK_CLIENT_VERSION,
                _TELEMETRY["connectTimeoutField"]: call.limits.connect_ms,
                _TELEMETRY["readTimeoutField"]: call.limits.read_ms,
            }
        )

    def stream_failed(self, error: Exception, kind: FailureKind | None) -> None:
        """An answer that began well and broke off; the call itself has been reported."""
        if kind == "throttling":
            self._count_throttling()
        fields = {"operation": self._call.operation, **self._model, "outcome": name_of(error), "latency_ms": self._elapsed_ms()}
        self._ports.log_warning("bedrockStreamFailed", fields)

    def _count_throttling(self) -> None:
        if self._model:
            self._ports.count_throttling(1, self._model)

    def _elapsed_ms(self) -> int:
        return round((monotonic() - self._started) * 1_000)
