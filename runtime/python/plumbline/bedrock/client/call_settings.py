"""What all calls of one client have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .client_policy import ClientPolicy
from .client_state import ClientState
from .model_route import RegionalTwins
from .ports import BedrockPorts


@dataclass(slots=True)
class CallSettings:
    policy: ClientPolicy
    ports: BedrockPorts
    task_type: str
    primary: str
    fallback: str | None
    read_timeout_ms: Callable[[], float]
    #: The service tier of a call that names none.
    try_service_tier: Callable[[], str | None] = lambda: None
    #: What has a name of its own in each of the two Regions.
    twins: RegionalTwins = field(default_factory=RegionalTwins)
    #: For tests: servers that stand for Regions.
    endpoint_of: Callable[[str], str] | None = None
    state: ClientState = field(init=False)
    #: The client's own, once there is a client.
    signer: Callable[[], Any] = field(init=False)

    def __post_init__(self) -> None:
        self.state = ClientState(self.policy)
