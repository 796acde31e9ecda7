"""What a function gives to API Gateway or a function URL."""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple, NotRequired, TypedDict, TypeGuard

from ...telemetry.ecmascript import ecmascript, of_python, trimmed
from ...telemetry.json_text import number_text
from ...telemetry.thrown import safe_text
from .content_encoding import try_decompress
from .json_member import member_text


class ProxyResult(TypedDict):
    statusCode: int
    headers: dict[str, str]
    multiValueHeaders: NotRequired[dict[str, list[object]]]
    cookies: NotRequired[list[object]]
    body: str
    isBase64Encoded: NotRequired[bool]
    # Of an answer to a load balancer.
    statusDescription: NotRequired[str]


# A proxy result as a handler returned it: nothing of it is certain but the status.
GivenProxyResult = Mapping[str, Any]

_PROXY_KEYS = frozenset(("statusCode", "statusDescription", "headers", "multiValueHeaders", "cookies", "body", "isBase64Encoded"))
_FIRST_REDIRECT = 300
_FIRST_ERROR_STATUS = 400
_FIRST_SERVER_ERROR = 500
# How much of a body that is no envelope is logged.
MAX_LOGGED_BODY = 2048
# With spaces and what else ends a line beside it.
_LINE_BREAKS = ecmascript(r"(?<![\s\0])[\s\0]*[\r\n\0][\s\0]*")
_JSON_TYPE = of_python(r"(?:application/(?:[\w.+-]+\+)?|text/)json", re.ASCII)
_TEXT_TYPE = "text/plain"
# What HTTP allows for the name of a header.
_HEADER_NAME = of_python(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
# HTTP allows these no body, so they can hold no envelope.
_BODILESS = frozenset((204, 205, 304))
# They describe the body, and the body is another one now.
_ENTITY_HEADERS = frozenset(("content-type", "content-length", "content-encoding", "content-md5", "etag", "transfer-encoding"))
_STATUS = of_python(r"[0-9]{3}")
_NOT_BASE64 = of_python(r"[^A-Za-z0-9+/]+")


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


def is_client_error(status: int) -> bool:
    """Whether it says that the request was wrong, and not the service."""
    return is_error_status(status) and not is_server_error(status)


def is_server_error(status: int) -> bool:
    return status >= _FIRST_SERVER_ERROR


def is_bodiless(status: int) -> bool:
    return status in _BODILESS


class Body(NamedTuple):
    """A body as a value, and as the JSON it was, so that each number leaves as it came."""

    value: Any
    json: str | None = None
    # How it was compressed.
    coding: str | None = None
    # Bytes in base64 that are no text.
    is_binary: bool = False


def is_foreign_content(result: GivenProxyResult, status: int, body: Body) -> bool:
    """
    Whether an answer that is no envelope leaves as it is: a redirect, and what is no JSON, as a page, an image or a table. An answer
    without a content type counts as JSON, as API Gateway takes it; JSON as it stands under `text/plain` is a type that was forgotten.
    """
    if not isinstance(_given_body(result), str | None):
        return False
    if status >= _FIRST_REDIRECT or body.is_binary:
        return True
    kind = trimmed((_header_of(result, "content-type") or "").split(";")[0]).lower()
    if not kind:
        return result.get("isBase64Encoded") is True and body.json is None and body.value is not None
    return _JSON_TYPE.fullmatch(kind) is None and (kind != _TEXT_TYPE or not isinstance(body.value, dict | list))


def text_of_body(result: GivenProxyResult) -> str:
    """The body as it came, of a result whose body is a text or none."""
    body = _given_body(result)
    return body if isinstance(body, str) else ""


def _given_body(result: GivenProxyResult) -> object:
    body = result.get("body")
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body


def body_of(result: GivenProxyResult) -> Body:
    """JSON where it is JSON, else text; None when there is none."""
    body = _given_body(result)
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


def is_any_header(_name: str, _value: str) -> bool:
    return True


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
    """One value a name, in whatever case it stands: of several, the last."""
    kept: dict[str, tuple[str, str]] = {}
    for name, value in _entries_of(headers):
        text = header_text(value)
        if value is not None and keep(name.lower(), text):
            kept[name.lower()] = (name, _in_one_line(text))
    return dict(kept.values())


def multi_value_headers(headers: object, keep: HeaderFilter) -> dict[str, list[object]] | None:
    lists = [(name, values) for name, values in _entries_of(headers) if isinstance(values, list | tuple)]
    kept = {name: header_values(values) for name, values in lists if keep(name.lower(), _joined(values, "\n"))}
    return kept or None


def header_values(values: Iterable[object]) -> list[object]:
    """Texts, and what JSON knows beside them."""
    return [value if value is None or isinstance(value, int | float) else _in_one_line(header_text(value)) for value in values]


def _in_one_line(text: str) -> str:
    """A line break in a header's value begins another header, or another answer."""
    return _LINE_BREAKS.sub(" ", text)


def has_header(result: ProxyResult, name: str) -> bool:
    return any(header.lower() == name for header in (*result["headers"], *result.get("multiValueHeaders", {})))


def header_text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if isfinite(value):
            return number_text(value)
        case list() | tuple():
            return _joined(value, ",")
    return safe_text(value)


def _joined(values: Iterable[object], separator: str) -> str:
    return separator.join("" if value is None else header_text(value) for value in values)


def _parsed(text: str) -> Body:
    # Without the byte-order mark that files from Windows have in front.
    written = trimmed(text)
    try:
        # As it is written it leaves, so no number is worth its exact value; of a long one Python would refuse it.
        return Body(json.loads(written, parse_constant=_refuse, parse_int=float), json=written)
    except (ValueError, RecursionError):
        return Body(text)


def _refuse(constant: str) -> None:
    """Python reads `NaN` and `Infinity`, which are no JSON."""
    raise ValueError(constant)


def _decoded(body: str, encoding: str | None) -> Body:
    """The text in base64, compressed or not; bytes that are no text, as an image's, stay in base64."""
    data = _bytes_of(body)
    decompressed = None if encoding is None else try_decompress(data, encoding)
    text = _text_of(data if decompressed is None else decompressed)
    if text is None:
        return Body(body, is_binary=True)
    parsed = _parsed(text)
    return Body(parsed.value, parsed.json, None if encoding is None or decompressed is None else trimmed(encoding).lower())


def _bytes_of(base64: str) -> bytes:
    """Of base64 in any of its spellings: for URLs, without its padding, in lines."""
    try:
        return b64decode(base64, validate=True)
    except (Base64Error, ValueError):
        signs = _NOT_BASE64.sub("", base64.partition("=")[0].replace("-", "+").replace("_", "/"))
        whole = signs[:-1] if len(signs) % 4 == 1 else signs
        return b64decode(whole + "=" * (-len(whole) % 4))


def _text_of(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _header_of(result: GivenProxyResult, name: str) -> str | None:
    """The value of a header in either place, by its name in lower case."""
    entries = (*_entries_of(result.get("headers")), *_entries_of(result.get("multiValueHeaders")))
    value = next((value for given, value in entries if given.lower() == name), None)
    return None if value is None else header_text(value)


def _entries_of(headers: object) -> Iterable[tuple[str, Any]]:
    given = headers.items() if isinstance(headers, Mapping) else ()
    return [(name, value) for name, value in given if isinstance(name, str) and _HEADER_NAME.fullmatch(name)]
