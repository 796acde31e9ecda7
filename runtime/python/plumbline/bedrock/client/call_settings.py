"""What all calls of one client of Bedrock have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .client_settings import ClientSettings
from .model_route import RegionalTwins
from .ports import BedrockPorts


@dataclass(slots=True, kw_only=True)
class CallSettings(ClientSettings):
    ports: BedrockPorts
    fallback: str | None
    #: The service tier of a call that names none.
    try_service_tier: Callable[[], str | None] = lambda: None
    #: What has a name of its own in each of the two Regions.
    twins: RegionalTwins = field(default_factory=RegionalTwins)
