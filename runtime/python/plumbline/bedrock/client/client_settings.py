"""What all calls of one client have in common, whichever service it calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from .client_policy import ClientPolicy
from .client_state import ClientState


class ClientPorts(Protocol):
    def remaining_time_ms(self) -> float:
        """Milliseconds until Lambda ends the function; infinity where nothing does."""


@dataclass(slots=True, kw_only=True)
class ClientSettings:
    policy: ClientPolicy
    ports: ClientPorts
    task_type: str
    primary: str
    read_timeout_ms: Callable[[], float]
    #: For tests: servers that stand for Regions.
    endpoint_of: Callable[[str], str] | None = None
    state: ClientState = field(init=False)
    #: The client's own, once there is a client.
    signer: Callable[[], Any] = field(init=False)

    def __post_init__(self) -> None:
        self.state = ClientState(self.policy)
