"""What botocore calls at each stage of an attempt to reach Bedrock."""

from typing import Any

from botocore.client import BaseClient

from ..retry.attempt import current_attempt
from .call_settings import CallSettings
from .region_hooks import RegionHooks
from .request_metadata import HEADER, with_request_metadata


class ModelHooks(RegionHooks):
    service_id = "bedrock-runtime"

    def __init__(self, settings: CallSettings) -> None:
        super().__init__(settings)
        self._ports = settings.ports

    def register(self, client: BaseClient) -> None:
        # Not in the input of the call: a stub of a unit test compares that with what the handler gave.
        client.meta.events.register(f"before-parameter-build.{self.service_id}", self._tell_who_asks)
        super().register(client)

    def _tell_who_asks(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        attempt = current_attempt()
        if attempt is None:
            return
        chosen, header = with_request_metadata(model.name, params, self._ports.request_metadata())
        attempt.headers = {} if header is None else {HEADER: header}
        # A botocore that is older than the parameter would refuse the request.
        if header is not None or "requestMetadata" in model.input_shape.members:
            params.clear()
            params.update(chosen)
