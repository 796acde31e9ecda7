"""The one shape of every answer."""

from typing import Any, Generic, Literal, TypedDict, TypeVar

from ..telemetry.ecmascript import ecmascript
from ..telemetry.error_chain import error_chain
from ..telemetry.invocation import UNKNOWN_REQUEST, current_invocation
from ..telemetry.json_text import json_text, string_text, utf16_length
from ..telemetry.log import LOG_EVENTS, log_event
from ..telemetry.redaction import redact_text
from ..telemetry.thrown import read
from .error_mapping import ERROR_CODES, FALLBACK_CODE, ErrorCode, code_rule, error_code_of, is_error_code
from .support_ref import new_support_ref

T = TypeVar("T")


class EnvelopeErrorBody(TypedDict):
    """The error of an answer."""

    # For logic.
    code: ErrorCode
    # For developers; end users see a text of the client's own, by code.
    message: str
    retryable: bool
    # Finds the whole error in the log.
    support_ref: str


class Envelope(TypedDict, Generic[T]):
    """The one shape of every answer."""

    status: Literal["success", "error", "partial"]
    request_id: str
    data: T | None
    error: EnvelopeErrorBody | None


# Not isinstance: a package may bring its own copy of the class.
_BRAND = "__plumbline_envelope_error__"
_LEAKS = ecmascript("|".join(ERROR_CODES["neverInMessages"]), ignore_case=True)
_MAX_MESSAGE = 1024


class EnvelopeError(Exception):
    """Raised by a handler to answer with a code of its choice. The message is for developers and reaches the caller."""

    def __init__(self, code: ErrorCode, message: str | None = None) -> None:
        self.code = code
        self.message = message if message is not None else code_rule(code).message if is_error_code(code) else ""
        super().__init__(self.message)
        setattr(self, _BRAND, True)


def success(data: T | None = None) -> Envelope[T]:
    """Answers with data. The same as returning the data itself."""
    return {"status": "success", "request_id": current_request_id(), "data": data, "error": None}


def partial(data: T, error: object) -> Envelope[T]:
    """Answers with what could be had, and why the rest could not: a code, or the error that was caught."""
    reason = EnvelopeError(error) if is_error_code(error) else error
    return {"status": "partial", "request_id": current_request_id(), "data": data, "error": error_body(reason)}


def to_error_envelope(thrown: object) -> Envelope[Any]:
    """The envelope for anything that was raised. Logs the whole error under the envelope's support_ref; none of it is in the envelope."""
    return {"status": "error", "request_id": current_request_id(), "data": None, "error": error_body(thrown)}


def error_body(thrown: object) -> EnvelopeErrorBody:
    """The error for an answer, and a line in the log with all that the answer does not tell."""
    code, message = _public_error(thrown)
    support_ref = new_support_ref()
    log_event("error", LOG_EVENTS["handlerError"], {"support_ref": support_ref, "error_code": code, "errors": error_chain(thrown)})
    return {"code": code, "message": message, "retryable": code_rule(code).retryable, "support_ref": support_ref}


def serialize_envelope(envelope: Envelope[Any], data_json: str | None = None) -> str:
    """In the contract's order of keys, and with nothing but them. `data_json` is the data where it is JSON already."""
    data = data_json if data_json is not None else json_text(envelope["data"], _error_in_data)
    error = json_text(envelope["error"])
    return f'{{"status":"{envelope["status"]}","request_id":{string_text(envelope["request_id"])},"data":{data},"error":{error}}}'


def _error_in_data(value: object) -> object:
    """An error among the data, that of an HTTP client with its headers for example, is an error body and nothing more."""
    return error_body(value) if isinstance(value, BaseException) else value


def leaks(text: str) -> bool:
    """True for a text that may not leave: it holds what tells about the inside or a secret, or more than a message does."""
    return leaks_inside(text) or redact_text(text) != text


def leaks_inside(text: str) -> bool:
    """True for an ARN, an account id, a path, a stack frame or a version of a library."""
    return utf16_length(text) > _MAX_MESSAGE or _LEAKS.search(text) is not None


def _public_error(thrown: object) -> tuple[ErrorCode, str]:
    if read(thrown, _BRAND) is not True:
        code = error_code_of(thrown)
        return code, code_rule(code).message
    given = read(thrown, "code")
    code = given if is_error_code(given) else FALLBACK_CODE
    message = read(thrown, "message")
    is_allowed = code == given and isinstance(message, str) and message != "" and not leaks(message)
    return code, message if is_allowed and isinstance(message, str) else code_rule(code).message


def current_request_id() -> str:
    """The id for an envelope that is made now."""
    invocation = current_invocation()
    return invocation.request_id if invocation else UNKNOWN_REQUEST
