"""Whether a value is an envelope as the contract's schema has it, with no key more and none less."""

from typing import Any, TypeGuard

from .envelope import Envelope
from .error_mapping import is_error_code

_ENVELOPE_KEYS = {"status", "request_id", "data", "error"}
_ERROR_KEYS = {"code", "message", "retryable", "support_ref"}


def is_envelope(value: object) -> TypeGuard[Envelope[Any]]:
    if not isinstance(value, dict) or value.keys() != _ENVELOPE_KEYS or not _is_text(value["request_id"]):
        return False
    match value["status"]:
        case "success":
            return value["error"] is None
        case "error":
            return value["data"] is None and _is_error_body(value["error"])
        case "partial":
            return _is_error_body(value["error"])
    return False


def _is_error_body(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _ERROR_KEYS
        and is_error_code(value["code"])
        and _is_text(value["message"])
        and isinstance(value["retryable"], bool)
        and _is_text(value["support_ref"])
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
