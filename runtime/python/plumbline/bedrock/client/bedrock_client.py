"""boto3's client for Bedrock, with the policy's limits, retries and Regions built in."""

from typing import TYPE_CHECKING, Any

from .call_settings import CallSettings
from .model_call import ModelCall
from .model_hooks import ModelHooks
from .service_client import service_client

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient


def bedrock_client(settings: CallSettings, **session_settings: Any) -> "BedrockRuntimeClient":
    """`session_settings` are for tests: credentials, as `boto3.session.Session` takes them."""
    client: BedrockRuntimeClient = service_client(settings, ModelCall, ModelHooks(settings), **session_settings)
    return client
