"""The task types of this process, for the clients of all services."""

import os

from ...contract import document
from ...lifecycle import after_fork, after_restore
from .app_config_source import app_config_source
from .client_policy import STANDARD_POLICY
from .client_regions import own_region
from .ports_of_runtime import RUNTIME_PORTS
from .service_client import begin_clients_anew
from .task_types import TaskTypes, TaskTypeSource

_CLIENT_POLICY = document("runtime-environment")["variables"]["clientPolicy"]["name"]


def _task_type_source() -> TaskTypeSource | None:
    # One that is wrong is for the factory to tell, in its own name.
    region = own_region(STANDARD_POLICY, os.environ)
    return app_config_source(os.environ.get(_CLIENT_POLICY), region, STANDARD_POLICY.refresh.timeout_ms, RUNTIME_PORTS.log_warning)


STANDARD_TASK_TYPES = TaskTypes(STANDARD_POLICY, RUNTIME_PORTS.log_warning, _task_type_source)


@after_fork
@after_restore
def begin_anew() -> None:
    """The clients stay the same objects; connections, circuit and what was heard of AppConfig belong to another process."""
    STANDARD_TASK_TYPES.begin_anew()
    begin_clients_anew()
