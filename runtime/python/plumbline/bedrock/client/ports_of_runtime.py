"""The client's ports, as the runtime fills them."""

from collections.abc import Mapping
from math import inf

from ...contract import document
from ...telemetry.invocation import current_invocation
from ...telemetry.log import LOG_EVENTS, log_event
from ...telemetry.metrics import CatalogDatum, emit_metric, emit_metrics
from ...telemetry.settings import settings
from .call_usage import CallUsage
from .ports import WarningEvent
from .prompt_context import current_prompt

_FALLBACK = document("client-policy")["fallback"]
_USAGE = document("call-usage")
_STOP = _USAGE["stopReason"]
_METRICS = {**{name: counter["metric"] for name, counter in _USAGE["counters"].items()}, "firstToken": _USAGE["firstToken"]["metric"]}


class RuntimePorts:
    def remaining_time_ms(self) -> float:
        invocation = current_invocation()
        return inf if invocation is None else invocation.remaining_time_ms()

    def request_metadata(self) -> Mapping[str, str]:
        known = settings()
        return {"service_name": known.service_name, "environment": known.environment, **current_prompt()}

    def log_stream(self, fields: Mapping[str, object]) -> None:
        log_event("info", LOG_EVENTS["bedrockStreamEnded"], {**fields, **current_prompt()})

    def log_call(self, fields: Mapping[str, object]) -> None:
        log_event("info", LOG_EVENTS["bedrockCall"], {**fields, **current_prompt()})

    def log_fallback(self, fields: Mapping[str, object]) -> None:
        log_event("warn", _FALLBACK["logEvent"], fields)

    def log_warning(self, event: WarningEvent, fields: Mapping[str, object]) -> None:
        log_event("warn", LOG_EVENTS[event], fields)

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        emit_metrics(
            [
                CatalogDatum("BedrockInvocationCount", 1, dimensions),
                # A metric of which only the bad moments are known looks the same as one that nobody emits.
                CatalogDatum("BedrockThrottlingCount", 0, {"model_id": dimensions["model_id"]}),
            ]
        )

    def count_usage(self, usage: CallUsage, dimensions: Mapping[str, str]) -> None:
        data = [CatalogDatum(metric, usage[name], dimensions) for name, metric in _METRICS.items() if name in usage]
        reason = usage.get("stopReason")
        if reason is not None:
            # A dimension has to stay a short list, whatever word a model invents.
            known = reason if reason in _STOP["reasons"] else _STOP["unknown"]
            data.append(CatalogDatum(_STOP["metric"], 1, {"model_id": dimensions["model_id"], _STOP["dimension"]: known}))
        emit_metrics(data)

    def count_throttling(self, dimensions: Mapping[str, str]) -> None:
        emit_metric("BedrockThrottlingCount", 1, dimensions)

    def count_fallback(self, dimensions: Mapping[str, str]) -> None:
        emit_metric(_FALLBACK["metricId"], 1, dimensions)


RUNTIME_PORTS = RuntimePorts()
