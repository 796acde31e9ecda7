"""What a function gives to API Gateway or a function URL."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, TypeGuard

from ...telemetry.thrown import safe_text
from .content_encoding import try_decompress
from .json_member import member_text


class ProxyResult(TypedDict):
    statusCode: int
    headers: dict[str, str]
    multiValueHeaders: NotRequired[dict[str, list[Any]]]
    cookies: NotRequired[list[Any]]
    body: str
    isBase64Encoded: NotRequired[bool]


# A proxy result as a handler returned it: nothing of it is certain but the status.
GivenProxyResult = Mapping[str, Any]

_PROXY_KEYS = frozenset(("statusCode", "statusDescription", "headers", "multiValueHeaders", "cookies", "body", "isBase64Encoded"))
_FIRST_ERROR_STATUS = 400
# How much of a body that is no envelope is logged.
MAX_LOGGED_BODY = 2048
# HTTP allows these no body, so they can hold no envelope.
_BODILESS = frozenset((204, 205, 304))
# They describe the body, and the body is another one now.
_ENTITY_HEADERS = frozenset(("content-type", "content-length", "content-encoding", "content-md5", "etag", "transfer-encoding"))
_STATUS = re.compile(r"[0-9]{3}")


def is_proxy_result(value: object) -> TypeGuard[GivenProxyResult]:
    """
    Data may well have a field `statusCode` of its own. It is a proxy result when nothing but a proxy result's fields are there,
    or when it looks like a failed one: an error must not pass for data.
    """
    if not isinstance(value, Mapping) or "statusCode" not in value:
        return False
    status = status_of(value)
    if status is None:
        return False
    return is_error_status(status) or "body" in value or "headers" in value or _PROXY_KEYS.issuperset(value)


def status_of(result: GivenProxyResult) -> int | None:
    given = result["statusCode"]
    if (isinstance(given, str) and _STATUS.fullmatch(given)) or (isinstance(given, float) and given.is_integer()):
        given = int(given)
    return int(given) if isinstance(given, int) and not isinstance(given, bool) and 100 <= given <= 599 else None


def is_error_status(status: int) -> bool:
    return status >= _FIRST_ERROR_STATUS


def is_bodiless(status: int) -> bool:
    return status in _BODILESS


@dataclass(frozen=True, slots=True)
class Body:
    """A body as a value, and as the JSON it was, so that each number leaves as it came."""

    value: Any
    json: str | None = None
    # How it was compressed.
    coding: str | None = None


def body_of(result: GivenProxyResult) -> Body:
    """JSON where it is JSON, else text; None when there is none."""
    body = result.get("body")
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    if body is None or body == "":
        return Body(None)
    if not isinstance(body, str):
        return Body(body)
    return _decoded(body, _header_of(result, "content-encoding")) if result.get("isBase64Encoded") is True else _parsed(body)


def data_json_of(body: Body) -> str | None:
    """The JSON of an envelope's data."""
    return None if body.json is None else member_text(body.json, "data")


# By the name in lower case and the value; of several values, all of them.
HeaderFilter = Callable[[str, str], bool]


def is_transfer_header(name: str, _value: str) -> bool:
    """A header that may stay with another body."""
    return name not in _ENTITY_HEADERS


def is_content_header(name: str, _value: str) -> bool:
    """A header that may stay with the same content, written anew."""
    return name == "content-type" or name not in _ENTITY_HEADERS


def is_cross_origin_header(name: str, _value: str) -> bool:
    """A header that a browser needs to show the caller an error."""
    return name.startswith("access-control-") or name == "vary"


def keep_headers(headers: object, keep: HeaderFilter) -> dict[str, str]:
    return {
        name: header_text(value) for name, value in _entries_of(headers) if value is not None and keep(name.lower(), header_text(value))
    }


def multi_value_headers(headers: object, keep: HeaderFilter) -> dict[str, list[Any]] | None:
    kept = {
        name: list(values)
        for name, values in _entries_of(headers)
        if isinstance(values, list | tuple) and keep(name.lower(), "\n".join(map(header_text, values)))
    }
    return kept or None


def has_header(result: ProxyResult, name: str) -> bool:
    return any(header.lower() == name for header in (*result["headers"], *result.get("multiValueHeaders", {})))


def header_text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else safe_text(value)


def _parsed(text: str) -> Body:
    try:
        return Body(json.loads(text, parse_constant=_refuse), json=text.strip(" \t\n\r"))
    except (ValueError, RecursionError):
        return Body(text)


def _refuse(constant: str) -> None:
    """Python reads `NaN` and `Infinity`, which are no JSON."""
    raise ValueError(constant)


def _decoded(body: str, encoding: str | None) -> Body:
    """The text in base64, compressed or not; bytes that are no text, as an image's, stay in base64."""
    try:
        data = b64decode(body)
    except ValueError:
        return _parsed(body)
    coding = encoding.strip().lower() if encoding is not None else None
    decompressed = None if coding is None else try_decompress(data, coding)
    text = _text_of(data if decompressed is None else decompressed)
    if text is None:
        return _parsed(body)
    parsed = _parsed(text)
    return Body(parsed.value, parsed.json, None if decompressed is None else coding)


def _text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _header_of(result: GivenProxyResult, name: str) -> str | None:
    """The value of a header in either place, by its name in lower case."""
    entries = (*_entries_of(result.get("headers")), *_entries_of(result.get("multiValueHeaders")))
    value = next((value for given, value in entries if given.lower() == name), None)
    if isinstance(value, list | tuple):
        return ",".join(map(header_text, value))
    return None if value is None else header_text(value)


def _entries_of(headers: object) -> Iterable[tuple[str, Any]]:
    return [(name, value) for name, value in headers.items() if isinstance(name, str)] if isinstance(headers, Mapping) else []
