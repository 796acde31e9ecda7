"""The clients of this process: one for each task type and Region."""

import os
from threading import Lock
from typing import TYPE_CHECKING

from ..bedrock.client.client_policy import STANDARD_POLICY
from ..bedrock.client.client_regions import region_pair
from ..bedrock.client.standard_task_types import STANDARD_TASK_TYPES
from ..lifecycle import after_fork, after_restore
from .endpoint_call import EndpointSettings
from .ports_of_runtime import SAGEMAKER_PORTS
from .sagemaker_client import sagemaker_client

if TYPE_CHECKING:
    from mypy_boto3_sagemaker_runtime import SageMakerRuntimeClient

_WHERE = "SageMakerClientFactory.create"

_clients: "dict[tuple[str, str], SageMakerRuntimeClient]" = {}
_lock = Lock()


def standard_sagemaker_client(task_type: str) -> "SageMakerRuntimeClient":
    """The client for a task type: a new one for the first caller, the same one for all others. The standard knows few task types."""
    STANDARD_TASK_TYPES.require(task_type, _WHERE)
    region = region_pair(None, False, STANDARD_POLICY, os.environ, _WHERE).primary
    key = (task_type, region)
    with _lock:
        return _clients.get(key) or _clients.setdefault(key, _new_client(task_type, region))


@after_fork
@after_restore
def begin_anew() -> None:
    """A lock that another thread held when the process was forked is never opened in the child."""
    global _lock
    _lock = Lock()


def _new_client(task_type: str, region: str) -> "SageMakerRuntimeClient":
    STANDARD_TASK_TYPES.refresh_when_due()
    settings = EndpointSettings(
        policy=STANDARD_POLICY,
        ports=SAGEMAKER_PORTS,
        task_type=task_type,
        primary=region,
        read_timeout_ms=lambda: STANDARD_TASK_TYPES.read_timeout_ms(task_type),
    )
    return sagemaker_client(settings)
