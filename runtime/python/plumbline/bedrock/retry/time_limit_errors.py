"""The policy's own time-outs."""

from typing import Literal

from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

#: What took too long: to connect, to answer, the next part of a stream, or the whole for the time Lambda has left.
TimeLimitPhase = Literal["connect", "read", "stream", "deadline"]

#: Who is called, in what the caller is told.
BEDROCK = "Amazon Bedrock"

_WHAT: dict[TimeLimitPhase, str] = {
    "connect": "No connection to {service}",
    "read": "No complete answer from {service}",
    "stream": "Nothing more from the stream of {service}",
    "deadline": "The function has no time left for an answer from {service}",
}


class TimeLimitError(ReadTimeoutError, ConnectTimeoutError, TimeoutError):  # type: ignore[misc]
    """One of the policy's own time-outs. botocore's classes for time-outs are among its bases, so that code for those keeps working."""

    fmt = "{what} within {limit_ms} ms."

    def __init__(self, phase: TimeLimitPhase, limit_ms: float, service: str = BEDROCK) -> None:
        self.phase = phase
        self.limit_ms = limit_ms
        super().__init__(what=_WHAT[phase].format(service=service), limit_ms=round(limit_ms), endpoint_url="", error=None)


def time_limit_behind(error: BaseException) -> TimeLimitError | None:
    """The policy's own time-out behind what the libraries have made of it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, TimeLimitError):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None
