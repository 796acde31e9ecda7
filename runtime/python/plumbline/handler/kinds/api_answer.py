"""The answer of an API function, made from whatever a handler returned or raised."""

import json
import os
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ...contract import document
from ...envelope.envelope import (
    Envelope,
    EnvelopeError,
    ReturnedError,
    is_error_as_data,
    leaks,
    leaks_inside,
    raise_error_as_data,
    serialize_envelope,
    success,
    to_error_envelope,
)
from ...envelope.error_mapping import ERROR_CODES, SUCCESS_STATUS, ErrorCode, code_rule
from ...envelope.returned_envelope import envelope_of_returned, try_checked_envelope
from ...telemetry.log import LOG_EVENTS, log_event
from ...telemetry.redaction import redact_start
from ...telemetry.utf16 import utf16_length
from . import proxy_result as proxy
from .content_encoding import compress
from .own_error import own_error_of

_MAX_RESPONSE_BYTES: int = document("runtime-environment")["limits"]["responseBytes"]
# JSON text holds no raw control character, and any other takes at most six bytes once it is a JSON string itself.
_MAX_BYTES_PER_CHARACTER = 6
_ERROR_HEADERS = frozenset(ERROR_CODES["errorHeaders"])
# Lambda's client escapes whatever is not ASCII, on this Python only.
_ASCII_ONLY = "AWS_Lambda_python3.11"


class ApiAnswer(NamedTuple):
    """An answer of an API function and the code it is counted under."""

    result: proxy.ProxyResult
    error_code: ErrorCode | None = None
    # What became of a proxy result that is neither an envelope nor data.
    made: Literal["foreign", "client_error", "server_error"] | None = None


class _Headers(NamedTuple):
    headers: dict[str, str]
    multi_value_headers: dict[str, list[object]] | None = None
    cookies: list[object] | None = None


def answer_of(returned: object) -> ApiAnswer:
    """Raises an error that was returned, and what a result raises that is no JSON."""
    if not isinstance(returned, BaseException) and proxy.is_proxy_result(returned):
        return _answer_of_proxy_result(returned)
    return _answer(envelope_of_returned(returned))


def answer_of_error(thrown: object, headers: _Headers | None = None) -> ApiAnswer:
    """The answer for anything that was raised; the log has the rest."""
    return _answer(to_error_envelope(thrown.error if isinstance(thrown, ReturnedError) else thrown), headers)


def _answer_of_proxy_result(given: proxy.GivenProxyResult) -> ApiAnswer:
    status = proxy.status_of(given) or SUCCESS_STATUS
    body = proxy.body_of(given)
    if proxy.is_client_error(status) and not isinstance(body.value, BaseException) and is_error_as_data(body.value):
        return _answer_of_client_error(given, status, body)
    raise_error_as_data(body.value)
    envelope = try_checked_envelope(body.value)
    if proxy.is_error_status(status) and (envelope is None or envelope["status"] == "success"):
        if proxy.is_client_error(status):
            return _answer_of_client_error(given, status, body, envelope)
        return _answer_of_violation(given, status, envelope)
    if proxy.is_bodiless(status) and envelope is not None and envelope["error"]:
        return _answer(envelope, _headers_of(given, _is_error_header))
    if proxy.is_bodiless(status):
        return _foreign_answer(given, status, "")
    if envelope is not None:
        may_leave = _is_error_header if envelope["status"] == "error" else proxy.is_content_header
        return _answer(envelope, _headers_of(given, may_leave), status, body.coding, proxy.data_json_of(body))
    if proxy.is_foreign_content(given, status, body):
        return _foreign_answer(given, status, proxy.text_of_body(given))
    return _answer(success(body.value), _headers_of(given, proxy.is_transfer_header), status, body.coding, body.json)


def _foreign_answer(given: proxy.GivenProxyResult, status: int, body: str) -> ApiAnswer:
    """What is no JSON, and what has no body, leaves as it came."""
    result = _result_of(status, body, _headers_of(given, proxy.is_any_header))
    if given.get("isBase64Encoded") is not None:
        result["isBase64Encoded"] = given["isBase64Encoded"] is True
    if isinstance(given.get("statusDescription"), str):
        result["statusDescription"] = given["statusDescription"]
    if _is_too_large(result):
        raise EnvelopeError("PAYLOAD_TOO_LARGE")
    return ApiAnswer(result, made="foreign")


def _answer_of_client_error(
    given: proxy.GivenProxyResult, status: int, body: proxy.Body, envelope: Envelope[Any] | None = None
) -> ApiAnswer:
    """What says that the request was wrong keeps its status, and says so in an envelope."""
    _log_violation("warn", given, status, envelope)
    headers = _headers_of(given, lambda name, value: proxy.is_transfer_header(name, value) and _is_error_header(name, value))
    own = own_error_of(status, body if envelope is None else proxy.Body(None))
    return _answer(to_error_envelope(own), headers, status)._replace(made="client_error")


def _answer_of_violation(given: proxy.GivenProxyResult, status: int, envelope: Envelope[Any] | None) -> ApiAnswer:
    """What says that it failed has to say so in an envelope."""
    _log_violation("error", given, status, envelope)
    kept = _headers_of(given, lambda name, value: proxy.is_cross_origin_header(name, value) and _is_error_header(name, value))
    return answer_of_error(EnvelopeError("INTERNAL_ERROR"), _Headers(kept.headers, kept.multi_value_headers))._replace(made="server_error")


def _log_violation(level: Literal["warn", "error"], given: proxy.GivenProxyResult, status: int, envelope: Envelope[Any] | None) -> None:
    reason = "error status with a success envelope" if envelope is not None else "error body is no envelope"
    fields = {"reason": reason, "status_code": status, "body": _excerpt(given.get("body"))}
    log_event(level, LOG_EVENTS["envelopeViolation"], fields)


def _answer(
    envelope: Envelope[Any],
    headers: _Headers | None = None,
    status: int | None = None,
    coding: str | None = None,
    data_json: str | None = None,
) -> ApiAnswer:
    """`coding` is how the body is to be compressed, `data_json` the data as JSON that exists already."""
    error_code = envelope["error"]["code"] if envelope["error"] else None
    rule = code_rule(error_code) if error_code else None
    text = serialize_envelope(envelope, data_json)
    if status is None:
        status = rule.http_status if envelope["status"] == "error" and rule else SUCCESS_STATUS
    result = _result_of(status, compress(text, coding) if coding else text, headers or _Headers({}), is_base64=coding is not None)
    if coding:
        result["headers"]["content-encoding"] = coding
    if not proxy.has_header(result, "content-type"):
        result["headers"]["content-type"] = "application/json"
    if rule and rule.retry_after_seconds and not proxy.has_header(result, "retry-after"):
        result["headers"]["retry-after"] = str(rule.retry_after_seconds)
    if _is_too_large(result):
        raise EnvelopeError("PAYLOAD_TOO_LARGE")
    return ApiAnswer(result, error_code)


def _headers_of(given: proxy.GivenProxyResult, may_leave: proxy.HeaderFilter) -> _Headers:
    cookies = given.get("cookies")
    kept = [cookie for cookie in cookies if may_leave("set-cookie", proxy.header_text(cookie))] if isinstance(cookies, list) else None
    return _Headers(
        headers=proxy.keep_headers(given.get("headers"), may_leave),
        multi_value_headers=proxy.multi_value_headers(given.get("multiValueHeaders"), may_leave),
        cookies=None if kept is None else proxy.header_values(kept),
    )


def _result_of(status: int, body: str, headers: _Headers, *, is_base64: bool = False) -> proxy.ProxyResult:
    result: proxy.ProxyResult = {"statusCode": status, "body": body, "headers": headers.headers}
    if is_base64:
        result["isBase64Encoded"] = True
    if headers.multi_value_headers is not None:
        result["multiValueHeaders"] = headers.multi_value_headers
    if headers.cookies is not None:
        result["cookies"] = headers.cookies
    return result


def _is_error_header(name: str, value: str) -> bool:
    """What a failed answer may tell in its headers. A cookie is meant for the caller, and may well look like a secret."""
    return name in _ERROR_HEADERS and not (leaks_inside(value) if name == "set-cookie" else leaks(value))


def _is_too_large(result: Mapping[str, Any]) -> bool:
    body, rest = result["body"], {name: value for name, value in result.items() if name != "body"}
    if len(body) * _MAX_BYTES_PER_CHARACTER + _size_of(rest) < _MAX_RESPONSE_BYTES:
        return False
    return _size_of(result) > _MAX_RESPONSE_BYTES


def _size_of(result: Mapping[str, Any]) -> int:
    """In bytes, as Lambda's client writes it."""
    text = json.dumps(result, ensure_ascii=os.environ.get("AWS_EXECUTION_ENV") == _ASCII_ONLY)
    return len(text.encode("utf-8", "surrogatepass"))


def _excerpt(body: object) -> object:
    if not isinstance(body, str) or utf16_length(body) <= proxy.MAX_LOGGED_BODY:
        return body
    return f"{redact_start(body, proxy.MAX_LOGGED_BODY)}…"
