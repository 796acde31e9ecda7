"""One call of Bedrock: in the tier of its task type, and for the Region that it goes to."""

from collections.abc import Mapping
from typing import Any

from ...contract.task_types import with_service_tier
from ..retry.time_limit_errors import BEDROCK
from .call_report import CallReport, ReportedCall
from .call_settings import CallSettings
from .model_route import Route, input_for_region
from .service_call import SendOnce, ServiceCall


class ModelCall(ServiceCall):
    service = BEDROCK

    def __init__(self, client: Any, settings: CallSettings, operation: str, params: Mapping[str, Any], send: SendOnce) -> None:
        limits = self.limits_of(settings)
        model_id = params.get("modelId")
        reported = ReportedCall(operation, model_id if isinstance(model_id, str) else None, settings.task_type, limits)
        super().__init__(client, settings, operation, params, send, limits, CallReport(settings.ports, reported))
        self._settings = settings
        self._given = self._in_its_tier(self._given)
        self._rerouted = self._input_for_fallback()

    def _fallback(self) -> str | None:
        return None if self._rerouted is None else self._settings.fallback

    def _input_for(self, region: str) -> Mapping[str, Any]:
        return self._given if self._rerouted is None or region == self._settings.primary else self._rerouted

    def _in_its_tier(self, given: dict[str, Any]) -> dict[str, Any]:
        # A botocore that is older than tiers would refuse the request.
        if "serviceTier" not in self._model.input_shape.members:
            return given
        return with_service_tier(self._operation, given, self._settings.try_service_tier(), self._settings.policy.service_tier)

    def _input_for_fallback(self) -> Mapping[str, Any] | None:
        settings = self._settings
        if settings.fallback is None or self._operation not in settings.policy.rerouted:
            return None
        return input_for_region(self._given, Route(settings.primary, settings.fallback, settings.twins))
