"""One call to an endpoint: up to three attempts in the one Region that it lives in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..bedrock.client.client_settings import ClientSettings
from ..bedrock.client.service_call import SendOnce, ServiceCall
from ..bedrock.retry.region_pacing import RegionPacing
from .endpoint_report import EndpointReport, ReportedEndpointCall
from .ports import SageMakerPorts


@dataclass(slots=True, kw_only=True)
class EndpointSettings(ClientSettings):
    """What all calls of one client of endpoints have in common."""

    ports: SageMakerPorts


class EndpointCall(ServiceCall):
    service = "Amazon SageMaker"

    def __init__(self, client: Any, settings: EndpointSettings, operation: str, params: Mapping[str, Any], send: SendOnce) -> None:
        limits = self.limits_of(settings)
        self._endpoint_name = _text_of(params, "EndpointName") or ""
        component = _text_of(params, "InferenceComponentName")
        reported = ReportedEndpointCall(operation, self._endpoint_name, component, settings.task_type, limits)
        super().__init__(client, settings, operation, params, send, limits, EndpointReport(settings.ports, reported))

    def _pacing(self, region: str) -> RegionPacing:
        """One endpoint that is busy says nothing of another."""
        return self._common.state.pacing(self._endpoint_name)


def _text_of(params: Mapping[str, Any], name: str) -> str | None:
    """What is no text is the caller's to be told of, by botocore."""
    value = params.get(name)
    return value if isinstance(value, str) else None
