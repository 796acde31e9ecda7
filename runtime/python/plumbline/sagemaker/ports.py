"""What the client needs from its surroundings: somewhere to tell what it did, and how long it may take."""

from collections.abc import Mapping
from typing import Literal, Protocol

EndpointEvent = Literal["sageMakerCall", "sageMakerStreamEnded", "sageMakerStreamFailed"]


class SageMakerPorts(Protocol):
    def remaining_time_ms(self) -> float:
        """Milliseconds until Lambda ends the function; infinity where nothing does."""

    def log(self, event: EndpointEvent, fields: Mapping[str, object]) -> None:
        """One line about a finished call, a stream that ended, or one that broke off, by its key among the contract's log events."""

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        """One call, with which nothing was throttled yet."""

    def count_throttling(self, dimensions: Mapping[str, str]) -> None:
        """One attempt that was throttled, by the service or by the container."""
