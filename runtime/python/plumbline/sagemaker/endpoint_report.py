"""Tells metrics and log what became of one call to an endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from ..bedrock.client.client_version import BEDROCK_CLIENT_VERSION
from ..bedrock.retry.attempt_clock import AttemptLimits
from ..bedrock.retry.call_observer import CallEnd
from ..bedrock.retry.failure_kind import FailureKind, original_status
from ..bedrock.retry.region_circuit import FallbackReason
from ..bedrock.retry.told_error import name_of
from ..contract import document
from .ports import SageMakerPorts

_TELEMETRY = document("client-policy")["telemetry"]


@dataclass(frozen=True, slots=True)
class ReportedEndpointCall:
    #: As the log tells it, such as `InvokeEndpoint`.
    operation: str
    endpoint_name: str
    #: The inference component that was asked for.
    component: str | None
    task_type: str
    limits: AttemptLimits


class EndpointReport:
    def __init__(self, ports: SageMakerPorts, call: ReportedEndpointCall) -> None:
        self._ports = ports
        self._call = call
        self._started = monotonic()
        self._first_part_ms: int | None = None

    def sent(self) -> None:
        """What was sent is told when it has ended."""

    def attempt_failed(self, kind: FailureKind | None) -> None:
        if kind == "throttling" and self._call.endpoint_name:
            self._ports.count_throttling({"endpoint_name": self._call.endpoint_name})

    def rerouted(self, from_region: str, to_region: str, reason: FallbackReason) -> None:
        """There is no other Region."""

    def ended(self, end: CallEnd) -> None:
        call = self._call
        original = original_status(end.error)
        # A call without a name was refused before it was sent.
        if call.endpoint_name:
            self._ports.count_invocation({"endpoint_name": call.endpoint_name, "task_type": call.task_type})
        self._ports.log(
            "sageMakerCall",
            {
                **self._named(),
                "task_type": call.task_type,
                "region": end.region,
                # The name of an error; its message may hold what the user wrote.
                "outcome": "success" if end.error is None else name_of(end.error),
                **({} if original is None else {"original_status": original}),
                "attempts": end.attempts,
                "latency_ms": self._elapsed_ms(),
                "client_version": BEDROCK_CLIENT_VERSION,
                _TELEMETRY["connectTimeoutField"]: call.limits.connect_ms,
                _TELEMETRY["readTimeoutField"]: call.limits.read_ms,
            },
        )

    def answered(self, headers: Mapping[str, str], content: bytes | None) -> None:
        """What a container says of its work has no form that is known."""

    def streamed(self, _event: object) -> None:
        """One part of a streamed answer, before its reader has it."""
        if self._first_part_ms is None:
            self._first_part_ms = self._elapsed_ms()

    def stream_ended(self, outcome: Literal["success", "left"]) -> None:
        """The reader of a stream has all of it, or has left."""
        first = {} if self._first_part_ms is None else {"time_to_first_part_ms": self._first_part_ms}
        self._ports.log("sageMakerStreamEnded", {**self._named(), "outcome": outcome, "latency_ms": self._elapsed_ms(), **first})

    def stream_failed(self, error: Exception, kind: FailureKind | None) -> None:
        """An answer that began well and broke off; the call itself has been reported."""
        self.attempt_failed(kind)
        self._ports.log("sageMakerStreamFailed", {**self._named(), "outcome": name_of(error), "latency_ms": self._elapsed_ms()})

    def _named(self) -> dict[str, str]:
        call = self._call
        component = {} if call.component is None else {"inference_component": call.component}
        return {"operation": call.operation, "endpoint_name": call.endpoint_name, **component}

    def _elapsed_ms(self) -> int:
        return round((monotonic() - self._started) * 1_000)
