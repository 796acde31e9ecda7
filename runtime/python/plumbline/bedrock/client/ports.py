"""What the client needs from its surroundings: somewhere to tell what it did, and how long it may take."""

from collections.abc import Mapping
from typing import Literal, Protocol

from .call_usage import CallUsage

WarningEvent = Literal["bedrockStreamFailed", "taskTypesRejected", "taskTypesStale", "bearerTokenIgnored"]


class BedrockPorts(Protocol):
    def remaining_time_ms(self) -> float:
        """Milliseconds until Lambda ends the function; infinity where nothing does."""

    def request_metadata(self) -> Mapping[str, str]:
        """What AWS's own invocation log shall say of a request."""

    def log_stream(self, fields: Mapping[str, object]) -> None:
        """One line about a stream that was read to its end, or left."""

    def log_call(self, fields: Mapping[str, object]) -> None:
        """One line about a finished call. The surroundings add request, service, environment, and the prompt."""

    def log_fallback(self, fields: Mapping[str, object]) -> None: ...

    def log_warning(self, event: WarningEvent, fields: Mapping[str, object]) -> None:
        """Something that should be seen and stops nothing, by its key among the contract's log events."""

    def count_invocation(self, dimensions: Mapping[str, str]) -> None:
        """One call, with which nothing was throttled yet."""

    def count_usage(self, usage: CallUsage, dimensions: Mapping[str, str]) -> None:
        """What an answer used; of a stream once it has ended."""

    def count_throttling(self, dimensions: Mapping[str, str]) -> None:
        """One attempt that was throttled."""

    def count_fallback(self, dimensions: Mapping[str, str]) -> None: ...
