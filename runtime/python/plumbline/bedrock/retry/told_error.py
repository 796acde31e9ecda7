"""What the caller is told instead of an error, and what the log calls it."""

import errno
from collections.abc import Callable

from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from .failure_kind import answer_code, answer_status, cause_of, failure_kind
from .time_limit_errors import BEDROCK, time_limit_behind

ErrorOfCode = Callable[[str], type[ClientError]]
_UNAVAILABLE = "ServiceUnavailableException"
# What SageMaker's clients call the same.
_UNAVAILABLE_THERE = "ServiceUnavailable"


class BrokenConnectionError(EndpointConnectionError, ConnectionClosedError, TimeoutError):  # type: ignore[misc]
    """The connection failed or broke off. botocore has a class for each, and in a stream none; here code for any of them keeps working."""

    fmt = "The connection to {service} failed ({reason})."

    def __init__(self, cause: BaseException, service: str = BEDROCK) -> None:
        super().__init__(service=service, reason=_reason_of(cause), endpoint_url="", error=cause)


def told_error(error: Exception, operation: str, error_of_code: ErrorOfCode, service: str = BEDROCK) -> Exception:
    """
    An error of the service is told as it is, one of the network by a name that can be acted upon. A 5xx from something before it,
    a page instead of an error, becomes the service's own word for such trouble.
    """
    if isinstance(error, ClientError):
        status = answer_status(error)
        if status is not None and status >= 500 and answer_code(error) in ("", "Unknown", str(status)):
            message = f"{service} was not reached: HTTP {status} came without an error of its own."
            unavailable = _class_of(_UNAVAILABLE, error_of_code)
            return unavailable({**error.response, "Error": {"Code": _UNAVAILABLE, "Message": message}}, operation)
        # An answer that was empty is named here: the layer that saw it knows neither the operation nor the client's classes.
        return error if error.operation_name else _class_of(answer_code(error), error_of_code)(error.response, operation)
    if failure_kind(error) == "connection":
        return BrokenConnectionError(error, service)
    return time_limit_behind(error) or error


def name_of(error: BaseException) -> str:
    """The name of an error, the same in every language; its message may hold what the user wrote."""
    if isinstance(error, ClientError):
        return answer_code(error)
    return "TimeoutError" if failure_kind(error) in ("timeout", "connection") else type(error).__name__


def _class_of(code: str, error_of_code: ErrorOfCode) -> type[ClientError]:
    """The class by which a handler catches an error of this code from its client."""
    known = error_of_code(code)
    return error_of_code(_UNAVAILABLE_THERE) if known is ClientError and code == _UNAVAILABLE else known


def _reason_of(error: BaseException) -> str:
    """The number of the operating system by its name, or the innermost class of error."""
    cause: BaseException | None = error
    while cause is not None:
        error = cause
        name = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
        if name is not None:
            return name
        cause = cause_of(error)
    return type(error).__name__
