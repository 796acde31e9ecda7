"""Why an attempt failed, as far as it decides what to do next."""

import errno
import http.client
import socket
import ssl
from typing import Any, Literal

import urllib3.exceptions
from botocore import exceptions as botocore_errors

from ...contract import document
from .clock_skew import is_skew_corrected
from .time_limit_errors import TimeLimitError

FailureKind = Literal["timeout", "connection", "throttling", "server"]

_RETRY = document("error-codes")["retry"]
_THROTTLING_NAMES = frozenset(_RETRY["throttlingNames"])
_TIMEOUT_NAMES = frozenset(_RETRY["timeoutNames"])
_SERVER_NAMES = frozenset(_RETRY["serverNames"])
_TIMEOUT_CODES = frozenset(_RETRY["timeoutCodes"])
_CONNECTION_CODES = frozenset(_RETRY["connectionCodes"])
_MAX_CAUSES = 10
_WRAPPED = "ModelError"

_TIMEOUTS = (TimeLimitError, botocore_errors.ConnectTimeoutError, botocore_errors.ReadTimeoutError, urllib3.exceptions.TimeoutError)
# What is no number of the operating system: the other side spoke no HTTP, or the answer broke off.
_BROKEN = (
    botocore_errors.EndpointConnectionError,
    botocore_errors.ConnectionClosedError,
    botocore_errors.IncompleteReadError,
    botocore_errors.ProxyConnectionError,
    urllib3.exceptions.ProtocolError,
    http.client.HTTPException,
    socket.gaierror,
    EOFError,
)


def failure_kind(error: BaseException | None) -> FailureKind | None:
    """
    What kind of failure this is, or None for one that trying again does not mend: every 4xx that is not throttling, and errors of the
    program itself.
    """
    for _ in range(_MAX_CAUSES):
        if error is None or not isinstance(error, Exception):
            return None
        kind = _kind_by_answer(error) if isinstance(error, botocore_errors.ClientError) else _kind_by_transport(error)
        if kind is not None:
            return kind
        error = cause_of(error)
    return None


def cause_of(error: BaseException) -> BaseException | None:
    """What an error says it comes from; botocore keeps it among the values of its message."""
    kept = getattr(error, "kwargs", None)
    cause = kept.get("error") if isinstance(kept, dict) else None
    if not isinstance(cause, BaseException):
        cause = error.__cause__ or (getattr(error, "reason", None) if isinstance(error, urllib3.exceptions.HTTPError) else None)
    return cause if isinstance(cause, BaseException) and cause is not error else None


def answer_code(error: botocore_errors.ClientError) -> str:
    """The service's name of an error. In a stream it begins with a small letter."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code[:1].upper() + code[1:]


def answer_status(error: botocore_errors.ClientError) -> int | None:
    metadata: Any = error.response.get("ResponseMetadata", {})
    status = metadata.get("HTTPStatusCode")
    return status if isinstance(status, int) else None


def original_status(error: BaseException | None) -> int | None:
    """What a container answered, which SageMaker wraps; 0 where it did not answer."""
    response = getattr(error, "response", None)
    status = response.get("OriginalStatusCode") if isinstance(response, dict) else None
    return status if isinstance(status, int) else None


def _kind_by_answer(error: botocore_errors.ClientError) -> FailureKind | None:
    code, status = answer_code(error), answer_status(error)
    if code == _WRAPPED:
        # SageMaker wraps what a container answered; the wrapping is always 424. 0 where the container did not answer.
        wrapped = original_status(error)
        if wrapped == 0:
            return "timeout"
        status = status if wrapped is None else wrapped
    if status == 429 and code != "ModelNotReadyException":
        return "throttling"
    if code in _THROTTLING_NAMES:
        return "throttling"
    if code in _SERVER_NAMES or is_skew_corrected(error):
        return "server"
    if code in _TIMEOUT_NAMES:
        return "timeout"
    return "server" if status is not None and status >= 500 else None


def _kind_by_transport(error: Exception) -> FailureKind | None:
    if isinstance(error, ssl.SSLError):
        return _kind_of_tls(error)
    if isinstance(error, _TIMEOUTS):
        return "timeout"
    if isinstance(error, _BROKEN):
        return "connection"
    if isinstance(error, OSError):
        name = errno.errorcode.get(error.errno or 0, "")
        if isinstance(error, TimeoutError) or name in _TIMEOUT_CODES:
            return "timeout"
        return "connection" if name in _CONNECTION_CODES else None
    return None


def _kind_of_tls(error: ssl.SSLError) -> FailureKind | None:
    """A certificate that is not trusted stays so; a handshake that broke off may do better."""
    return None if isinstance(error, ssl.SSLCertVerificationError) else "connection"
