"""The client's ports, as the runtime fills them."""

from collections.abc import Mapping
from math import inf

from ...contract import document
from ...telemetry.invocation import current_invocation
from ...telemetry.log import LOG_EVENTS, log_event
from ...telemetry.metrics import emit_metric
from .ports import WarningEvent
from .prompt_context import current_prompt

_FALLBACK = document("client-policy")["fallback"]


class RuntimePorts:
    def remaining_time_ms(self) -> float:
        invocation = current_invocation()
        return inf if invocation is None else invocation.remaining_time_ms()

    def log_call(self, fields: Mapping[str, object]) -> None:
        log_event("info", LOG_EVENTS["bedrockCall"], {**fields, **current_prompt()})

    def log_fallback(self, fields: Mapping[str, object]) -> None:
        log_event("warn", _FALLBACK["logEvent"], fields)

    def log_warning(self, event: WarningEvent, fields: Mapping[str, object]) -> None:
        log_event("warn", LOG_EVENTS[event], fields)

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        emit_metric("BedrockInvocationCount", 1, dimensions)

    def count_throttling(self, throttled_attempts: int, dimensions: Mapping[str, str]) -> None:
        emit_metric("BedrockThrottlingCount", throttled_attempts, dimensions)

    def count_fallback(self, dimensions: Mapping[str, str]) -> None:
        emit_metric(_FALLBACK["metricId"], 1, dimensions)


RUNTIME_PORTS = RuntimePorts()
