"""Tells metrics and log what became of one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from ...contract import document
from ..retry.attempt_clock import AttemptLimits
from ..retry.call_observer import CallEnd
from ..retry.failure_kind import FailureKind
from ..retry.region_circuit import FallbackReason
from ..retry.told_error import name_of
from .call_usage import CallUsage, UsageReader, document_of, holds_token, usage_fields
from .client_version import BEDROCK_CLIENT_VERSION
from .ports import BedrockPorts

_TELEMETRY = document("client-policy")["telemetry"]
_USAGE = document("call-usage")
_OPERATION = _USAGE["operation"]
_FIRST_TOKEN: str = _USAGE["firstToken"]["field"]


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
        self._reader = UsageReader()
        self._first_token_ms: int | None = None

    def sent(self) -> None:
        """While the service is at work: a function that is ended while it waits has still been counted."""
        if self._counted or not self._model:
            return
        self._counted = True
        dimensions = {**self._model, "task_type": self._call.task_type, _TELEMETRY["versionDimension"]: BEDROCK_CLIENT_VERSION}
        self._ports.count_invocation(dimensions)

    def attempt_failed(self, kind: FailureKind | None) -> None:
        if kind == "throttling":
            self._count_throttling()

    def rerouted(self, from_region: str, to_region: str, reason: FallbackReason) -> None:
        self._ports.count_fallback({"from_region": from_region, "to_region": to_region, "reason": reason})
        self._ports.log_fallback({"primary_region": from_region, "fallback_region": to_region, "latency_to_failure_ms": self._elapsed_ms()})

    def ended(self, end: CallEnd) -> None:
        self.sent()
        call = self._call
        usage = self._usage_of(end.result)
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
                **usage_fields(usage),
                **self._open_telemetry_fields(),
            }
        )
        self._count_usage(usage)

    def answered(self, headers: Mapping[str, str], content: bytes | None) -> None:
        """What the answer of the last attempt said beside what botocore reads of it; `content` is a body that botocore leaves alone."""
        if self._model:
            self._reader.headers({name.lower(): value for name, value in headers.items()})
            if content is not None:
                self._reader.body(content)

    def streamed(self, event: object) -> None:
        """One event of a streamed answer, before its reader has it."""
        found = document_of(event)
        self._reader.document(found)
        if self._first_token_ms is None and holds_token(found):
            self._first_token_ms = self._elapsed_ms()

    def stream_ended(self, outcome: Literal["success", "left"]) -> None:
        """The reader of a stream has all of it, or has left."""
        usage = self._reader.usage()
        self._ports.log_stream(
            {
                "operation": self._call.operation,
                **self._model,
                "task_type": self._call.task_type,
                "outcome": outcome,
                "latency_ms": self._elapsed_ms(),
                **({} if self._first_token_ms is None else {_FIRST_TOKEN: self._first_token_ms}),
                **usage_fields(usage),
                **self._open_telemetry_fields(),
            }
        )
        self._count_usage(usage)

    def _usage_of(self, result: object) -> CallUsage:
        """What an answer tells that came as a whole."""
        if not self._model or result is None:
            return {}
        self._reader.document(result)
        return self._reader.usage()

    def _count_usage(self, usage: CallUsage) -> None:
        if self._model:
            first = {} if self._first_token_ms is None else {"firstToken": self._first_token_ms}
            self._ports.count_usage({**usage, **first}, {**self._model, "task_type": self._call.task_type})

    def _open_telemetry_fields(self) -> dict[str, str]:
        """Beside ours, so that tools that know OpenTelemetry read the line."""
        if not self._model:
            return {}
        operation = _OPERATION["values"].get(self._call.operation)
        return {
            _USAGE["provider"]["attribute"]: _USAGE["provider"]["value"],
            **({} if operation is None else {_OPERATION["attribute"]: operation}),
            _USAGE["model"]["attribute"]: self._model["model_id"],
        }

    def stream_failed(self, error: Exception, kind: FailureKind | None) -> None:
        """An answer that began well and broke off; the call itself has been reported."""
        if kind == "throttling":
            self._count_throttling()
        fields = {"operation": self._call.operation, **self._model, "outcome": name_of(error), "latency_ms": self._elapsed_ms()}
        self._ports.log_warning("bedrockStreamFailed", fields)

    def _count_throttling(self) -> None:
        if self._model:
            self._ports.count_throttling(self._model)

    def _elapsed_ms(self) -> int:
        return round((monotonic() - self._started) * 1_000)
