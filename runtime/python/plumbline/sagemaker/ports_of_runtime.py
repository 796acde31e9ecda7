"""The client's ports, as the runtime fills them."""

from collections.abc import Mapping
from math import inf

from ..bedrock.client.prompt_context import current_prompt
from ..telemetry.invocation import current_invocation
from ..telemetry.log import LOG_EVENTS, log_event
from ..telemetry.metrics import CatalogDatum, emit_metric, emit_metrics
from .ports import EndpointEvent


class RuntimePorts:
    def remaining_time_ms(self) -> float:
        invocation = current_invocation()
        return inf if invocation is None else invocation.remaining_time_ms()

    def log(self, event: EndpointEvent, fields: Mapping[str, object]) -> None:
        log_event("warn" if event == "sageMakerStreamFailed" else "info", LOG_EVENTS[event], {**fields, **current_prompt()})

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        emit_metrics(
            [
                CatalogDatum("SageMakerInvocationCount", 1, dimensions),
                # A metric of which only the bad moments are known looks the same as one that nobody emits.
                CatalogDatum("SageMakerThrottlingCount", 0, {"endpoint_name": dimensions["endpoint_name"]}),
            ]
        )

    def count_throttling(self, dimensions: Mapping[str, str]) -> None:
        emit_metric("SageMakerThrottlingCount", 1, dimensions)


SAGEMAKER_PORTS = RuntimePorts()
