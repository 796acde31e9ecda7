"""The envelope for whatever a handler returned."""

from typing import Any

from ..telemetry.ecmascript import ecmascript
from ..telemetry.log import LOG_EVENTS, log_event
from ..telemetry.utf16 import utf16_length
from .envelope import Envelope, EnvelopeErrorBody, current_request_id, leaks, raise_error_as_data, success
from .envelope_check import is_envelope
from .error_mapping import ERROR_CODES, code_rule
from .support_ref import new_support_ref

_ID = ecmascript(ERROR_CODES["envelopeIds"]["pattern"])
_MAX_ID: int = ERROR_CODES["envelopeIds"]["maxLength"]


def envelope_of_returned(returned: object) -> Envelope[Any]:
    """Raises an error that was returned, for it is one that was forgotten to be raised."""
    raise_error_as_data(returned)
    return try_checked_envelope(returned) or success(returned)


def try_checked_envelope(value: object) -> Envelope[Any] | None:
    """An envelope of the handler's own, made anew from fields that may leave; none for a value that is no envelope."""
    if not is_envelope(value):
        return None
    raise_error_as_data(value["data"])
    return {
        "status": value["status"],
        "request_id": _checked_request_id(value["request_id"]),
        "data": value["data"],
        "error": value["error"] and _checked_error(value["error"]),
    }


def _checked_request_id(given: str) -> str:
    current = current_request_id()
    if given == current or _is_harmless_id(given):
        return given
    _log_violation("request_id leaks", leaked_id=given)
    return current


def _checked_error(given: EnvelopeErrorBody) -> EnvelopeErrorBody:
    code, message, support_ref = given["code"], given["message"], given["support_ref"]
    if not _is_harmless_id(support_ref):
        support_ref = new_support_ref()
        _log_violation("support_ref leaks", support_ref=support_ref, leaked_id=given["support_ref"])
    if leaks(message):
        _log_violation("message leaks", support_ref=support_ref, leaked_message=message)
        message = code_rule(code).message
    return {"code": code, "message": message, "retryable": given["retryable"], "support_ref": support_ref}


def _log_violation(reason: str, **fields: str) -> None:
    log_event("error", LOG_EVENTS["envelopeViolation"], {"reason": reason, **fields})


def _is_harmless_id(given: str) -> bool:
    return utf16_length(given) <= _MAX_ID and _ID.search(given) is not None and not leaks(given)
