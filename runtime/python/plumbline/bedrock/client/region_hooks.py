"""Makes one client serve two Regions: each attempt is addressed and signed for the Region it goes to."""

from typing import Any

from botocore.auth import SigV4Auth
from botocore.client import BaseClient

from ..retry.attempt import current_attempt
from ..retry.clock_skew import RegionClock
from .client_settings import ClientSettings

_TIMESTAMP = "%Y%m%dT%H%M%SZ"


class RegionHooks:
    """What botocore calls at each stage of an attempt, by its own events."""

    #: botocore's name of the service.
    service_id: str

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings

    def register(self, client: BaseClient) -> None:
        events, service = client.meta.events, self.service_id
        events.register(f"before-parameter-build.{service}", self._sign_for_region)
        events.register(f"before-endpoint-resolution.{service}", self._address_region)
        events.register(f"before-call.{service}", self._add_headers)
        # After botocore has signed, and before it writes its headers about retries.
        events.register_last(f"request-created.{service}", self._complete)

    def _sign_for_region(self, context: dict[str, Any], **_: Any) -> None:
        attempt = current_attempt()
        if attempt is not None:
            context.setdefault("signing", {})["region"] = attempt.region
            context["retries"] = {"invocation-id": attempt.invocation_id}

    def _address_region(self, builtins: dict[str, Any], **_: Any) -> None:
        attempt = current_attempt()
        if attempt is None:
            return
        builtins["AWS::Region"] = attempt.region
        if self._settings.endpoint_of is not None:
            builtins["SDK::Endpoint"] = self._settings.endpoint_of(attempt.region)
        # An endpoint that the user names (AWS_ENDPOINT_URL_…, a VPC endpoint) is the only one there is, in whichever Region.
        elif builtins.get("SDK::Endpoint") is not None:
            attempt.endpoint_pinned = True

    def _add_headers(self, params: dict[str, Any], **_: Any) -> None:
        attempt = current_attempt()
        if attempt is not None:
            params["headers"].update(attempt.headers)

    def _complete(self, request: Any, **_: Any) -> None:
        attempt = current_attempt()
        if attempt is None:
            return
        attempt.requested = True
        # botocore counts from one for each attempt; the service reads the true number from a header.
        request.context["retries"].update(attempt=attempt.number, max=attempt.max_attempts)
        clock = self._settings.state.clock_of(attempt.region)
        if clock.offset:
            # botocore knows no clock but the machine's: once more, by the right one.
            signer = self._settings.signer()
            auth = signer.get_auth_instance(signer.signing_name, attempt.region, "v4")
            _RegionClockAuth(auth.credentials, signer.signing_name, attempt.region, clock).add_auth(request)


class _RegionClockAuth(SigV4Auth):
    def __init__(self, credentials: Any, service: str, region: str, clock: RegionClock) -> None:
        super().__init__(credentials, service, region)
        self._clock = clock

    def _modify_request_before_signing(self, request: Any) -> None:
        request.context["timestamp"] = self._clock.now().strftime(_TIMESTAMP)
        super()._modify_request_before_signing(request)  # type: ignore[misc]
