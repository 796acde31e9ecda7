"""boto3's client for endpoints of SageMaker, with the policy's limits and retries built in."""

from typing import TYPE_CHECKING, Any

from ..bedrock.client.region_hooks import RegionHooks
from ..bedrock.client.service_client import service_client
from .endpoint_call import EndpointCall, EndpointSettings

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient


class EndpointHooks(RegionHooks):
    service_id = "sagemaker-runtime"


def sagemaker_client(settings: EndpointSettings, **session_settings: Any) -> "SageMakerRuntimeClient":
    """`session_settings` are for tests: credentials, as `boto3.session.Session` takes them."""
    client: SageMakerRuntimeClient = service_client(settings, EndpointCall, EndpointHooks(settings), **session_settings)
    return client
