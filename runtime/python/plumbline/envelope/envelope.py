"""The one shape of every answer."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypedDict, TypeVar

from ..contract import document
from ..telemetry.ecmascript import ecmascript, trimmed
from ..telemetry.error_chain import error_chain
from ..telemetry.invocation import UNKNOWN_REQUEST, current_invocation
from ..telemetry.json_text import in_json_words, json_text, string_text
from ..telemetry.log import LOG_EVENTS, log_event
from ..telemetry.redaction import redact_text
from ..telemetry.thrown import read
from ..telemetry.utf16 import utf16_length
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


_STOP: dict[str, Any] = document("call-usage")["stopReason"]

# Not isinstance: a package may bring its own copy of the class.
_BRAND = "__plumbline_envelope_error__"
_LEAKS = ecmascript("|".join(ERROR_CODES["neverInMessages"]), ignore_case=True)
_MAX_MESSAGE = 1024
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_STACK_FRAME = ecmascript(ERROR_CODES["stackFramePattern"])
# In JSON text, what an error that was made data cannot be without.
_STACK = '"stack":'


class ReturnedError(Exception):
    """An error that was returned as data: only an exception can be raised."""

    def __init__(self, error: object) -> None:
        super().__init__()
        self.error = error


class EnvelopeError(Exception):
    """Raised by a handler to answer with a code of its choice. The message is for developers and reaches the caller."""

    def __init__(self, code: ErrorCode, message: str | None = None) -> None:
        self.code = code
        self.message = message if message is not None else code_rule(code).message if is_error_code(code) else ""
        super().__init__(self.message)
        setattr(self, _BRAND, True)

    @classmethod
    def of_stop_reason(cls, reason: str | None) -> "EnvelopeError | None":
        """
        The error for a reason why an answer of a model ended, where that reason is a failure in disguise: a guardrail, a filter, a
        limit, or output that is of no use. None for all others. Converse's words, and those that other APIs of models have for the same.

        See https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
        """
        word = _STOP["words"].get(reason, reason)
        code = _STOP["reasons"].get(word, {}).get("errorCode")
        return cls(code, f"The model's answer ended by {word}.") if is_error_code(code) else None


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
    data = data_json if data_json is not None else _json_of(envelope["data"])
    error = json_text(envelope["error"])
    return f'{{"status":"{envelope["status"]}","request_id":{string_text(envelope["request_id"])},"data":{data},"error":{error}}}'


def _json_of(data: object) -> str:
    """JSON in which an error, that of an HTTP client with its headers for example, is an error body and nothing more."""
    errors = _ErrorsInData()
    text = json_text(data, errors.body_of_exception)
    return json_text(errors.made_bodies(data), errors.in_words) if _STACK in text else text


class _ErrorsInData:
    """Each error is logged once, however often the data are written."""

    def __init__(self) -> None:
        self._bodies: dict[int, EnvelopeErrorBody] = {}

    def body_of_exception(self, value: object) -> object:
        return self._body(value) if isinstance(value, BaseException) else value

    def in_words(self, value: object) -> object:
        return self._body(value) if isinstance(value, BaseException) else self.made_bodies(in_json_words(value))

    def made_bodies(self, data: object) -> object:
        match data:
            case dict():
                return self._body(data) if is_error_as_data(data) else {key: self.made_bodies(member) for key, member in data.items()}
            case list() | tuple():
                return [self.made_bodies(element) for element in data]
        return data

    def _body(self, error: object) -> EnvelopeErrorBody:
        return self._bodies.get(id(error)) or self._bodies.setdefault(id(error), error_body(error))


def raise_error_as_data(value: object) -> None:
    """An error that was returned is one that was forgotten to be raised."""
    if isinstance(value, BaseException):
        raise value
    if is_error_as_data(value):
        raise ReturnedError(value)


def is_error_as_data(value: object) -> bool:
    """An error, or what a library has made of one to send it somewhere."""
    if isinstance(value, BaseException):
        return True
    stack = read(value, "stack") if isinstance(value, Mapping) else None
    return isinstance(stack, str) and isinstance(read(value, "message"), str) and _STACK_FRAME.search(stack) is not None


def leaks(text: str) -> bool:
    """True for a text that may not leave: it holds what tells about the inside or a secret, or more than a message does."""
    plain = _as_read(text)
    return leaks_inside(text) or redact_text(plain) != plain


def leaks_inside(text: str) -> bool:
    """True for an ARN, an account id, a path, a stack frame or a version of a library."""
    return utf16_length(text) > _MAX_MESSAGE or _LEAKS.search(_as_read(text)) is not None


def _as_read(text: str) -> str:
    """As the eye reads it, whatever signs it is written with."""
    if text.isascii():
        return text
    # Most functions never need it, and it takes a start longer than most of our modules.
    from unicodedata import normalize

    return normalize("NFKC", text).translate(_UNSEEN)


def _public_error(thrown: object) -> tuple[ErrorCode, str]:
    if read(thrown, _BRAND) is not True:
        code = error_code_of(thrown)
        return code, code_rule(code).message
    given = read(thrown, "code")
    code = given if is_error_code(given) else FALLBACK_CODE
    message = read(thrown, "message")
    if code == given and isinstance(message, str) and trimmed(message) != "" and not leaks(message):
        return code, message
    return code, code_rule(code).message


def current_request_id() -> str:
    """The id for an envelope that is made now."""
    invocation = current_invocation()
    return invocation.request_id if invocation else UNKNOWN_REQUEST
