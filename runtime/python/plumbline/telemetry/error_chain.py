"""An exception with all its causes, as it is written to the log."""

from collections.abc import Mapping

from .json_text import json_text
from .redacted_copy import redacted
from .redaction import redact_start
from .thrown import code_of, message_of, metadata_of, name_of, read, safe_text
from .trace import trace_of
from .utf16 import utf16_length

_MAX_ERRORS = 10
_MAX_TEXT = 16_384


def error_chain(thrown: object) -> list[dict[str, object]]:
    """An error with all its causes, outermost first. Takes anything, and never raises itself."""
    chain: list[dict[str, object]] = []
    seen: list[object] = []
    waiting: list[object] = [thrown]
    while waiting and len(chain) < _MAX_ERRORS:
        following = waiting.pop(0)
        if any(following is known for known in seen):
            continue
        if not isinstance(following, str | int | float | None):
            seen.append(following)
        chain.append(_describe(following))
        waiting += _causes_of(following)
    return chain


def _causes_of(thrown: object) -> list[object]:
    """Raised from another error, while another one was handled, or for several at once."""
    if not isinstance(thrown, BaseException):
        errors = read(thrown, "errors")
        return [*_given(read(thrown, "cause")), *(errors[:_MAX_ERRORS] if isinstance(errors, list | tuple) else ())]
    cause = thrown.__cause__ or (None if thrown.__suppress_context__ else thrown.__context__)
    group = thrown.exceptions[:_MAX_ERRORS] if isinstance(thrown, BaseExceptionGroup) else ()
    return [*_given(cause), *group]


def _given(cause: object) -> list[object]:
    return [] if cause is None else [cause]


def _describe(thrown: object) -> dict[str, object]:
    metadata = metadata_of(thrown)
    stack = trace_of(thrown) if isinstance(thrown, BaseException) else None
    code = code_of(thrown)
    status = read(metadata, "HTTPStatusCode")
    request_id = read(metadata, "RequestId")
    return {
        "name": _shorten(name_of(thrown)),
        "message": _shorten(_message_of(thrown)),
        **({"stack": _shorten(stack)} if stack else {}),
        **({"code": code} if code is not None else {}),
        **({"http_status": status} if isinstance(status, int) else {}),
        **({"aws_request_id": request_id} if isinstance(request_id, str) else {}),
    }


def _message_of(thrown: object) -> str:
    message = message_of(thrown)
    if message is not None:
        return message
    if not isinstance(thrown, Mapping | list | tuple | bool | int | float | None):
        return safe_text(thrown)
    try:
        return json_text(redacted(thrown))
    except Exception:
        return safe_text(thrown)


def _shorten(text: str) -> str:
    length = utf16_length(text)
    return text if length <= _MAX_TEXT else f"{redact_start(text, _MAX_TEXT)}… ({length} characters)"
