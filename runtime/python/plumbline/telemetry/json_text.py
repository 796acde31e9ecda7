"""JSON as the Node runtime writes it, so that one answer and one metric look alike from either language."""

import json
import re
import sys
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import date, time
from decimal import Decimal
from enum import Enum
from math import isfinite

from .data_class import try_data_class_members
from .ecmascript import of_python

Default = Callable[[object], object]

# Where Python's own writer may differ: a whole number that is a float, or an exponent, also as a name; half of a surrogate pair.
_MAY_DIFFER = of_python('(?:^|[:,"\\[])-?[0-9]+(?:\\.0(?:$|[]:,"}])|\\.?[0-9]*e)|[\ud800-\udfff]')
_HALF_PAIR = of_python("[\ud800-\udfff]")
_WORDS = frozenset((str, int, bool, type(None)))
_LARGEST_WITHOUT_EXPONENT = 1e21
_SMALLEST_WITHOUT_EXPONENT = 1e-6
_write_string: Callable[[str], str] = json.JSONEncoder(ensure_ascii=False).encode


class _InexactError(Exception):
    """A number that Python's own writer has no exact form for."""


def json_text(value: object, default: Default | None = None) -> str:
    """
    The JSON of a value. `default` is asked about what JSON has no word for, before the types that Python programs return anyway.

    Raises TypeError for what cannot be written, and RecursionError for what is too deep.
    """

    try:
        text = (_ENCODER if default is None else _encoder(default)).encode(value)
    except (_InexactError, ValueError):  # Also for what is no number, and for a circle.
        return "".join(_pieces(value, default, []))
    return "".join(_pieces(value, default, [])) if _may_differ(text, value) else text


def _encoder(default: Default | None = None) -> json.JSONEncoder:
    def written_by_python(other: object) -> object:
        converted = in_json_words(other, default)
        if isinstance(converted, Decimal):
            return _try_exact(converted)
        return converted

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=written_by_python)


_ENCODER = _encoder()


def _may_differ(text: str, value: object) -> bool:
    # Most texts have none of what the expression could find, which is known in no time; of most others their value tells.
    is_ascii = text.isascii()
    has_candidate = not is_ascii or ".0" in text or "e-" in text or "e+" in text
    return has_candidate and not (is_ascii and _holds_words_only(value)) and _MAY_DIFFER.search(text) is not None


def _holds_words_only(value: object) -> bool:
    """Texts and whole numbers, alone or in lists, as a line of the log has them: both languages write them alike."""
    if type(value) is not dict or not {*map(type, value)} <= {str}:
        return False
    kinds = {*map(type, value.values())} - _WORDS
    return not kinds or (kinds == {list} and all({*map(type, member)} <= _WORDS for member in value.values() if type(member) is list))


def number_text(number: float) -> str:
    """A number as ECMAScript writes it."""
    if not isfinite(number):
        return "null"
    size = abs(number)
    if size == int(size) and size < _LARGEST_WITHOUT_EXPONENT:
        return str(int(Decimal(repr(number))))
    text = repr(number)
    if size >= _SMALLEST_WITHOUT_EXPONENT and "e-" in text:
        return format(Decimal(text), "f")
    return re.sub(r"e-0", "e-", text)


def string_text(text: str) -> str:
    """A text in quotes; what is no text in UTF-8 is escaped."""
    return _HALF_PAIR.sub(lambda half: f"\\u{ord(half.group()):04x}", _write_string(text))


def _pieces(value: object, default: Default | None, ancestors: list[object]) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            yield string_text(str.__str__(value))
        case int():
            yield int.__repr__(value)
        case float():
            yield number_text(float(value))
        case Decimal():
            yield _decimal_text(value)
        case dict() | list() | tuple():
            if any(value is ancestor for ancestor in ancestors):
                raise TypeError("A value that holds itself cannot be serialised to JSON")
            ancestors.append(value)
            yield from _members(value, default, ancestors) if isinstance(value, dict) else _elements(value, default, ancestors)
            ancestors.pop()
        case _:
            yield from _pieces(in_json_words(value, default), default, ancestors)


def _members(value: dict[object, object], default: Default | None, ancestors: list[object]) -> Iterator[str]:
    separator = "{"
    for key, member in value.items():
        yield f"{separator}{string_text(_key_text(key))}:"
        yield from _pieces(member, default, ancestors)
        separator = ","
    yield "}" if value else "{}"


def _elements(value: list[object] | tuple[object, ...], default: Default | None, ancestors: list[object]) -> Iterator[str]:
    separator = "["
    for element in value:
        yield separator
        yield from _pieces(element, default, ancestors)
        separator = ","
    yield "]" if value else "[]"


def _key_text(key: object) -> str:
    match key:
        case str():
            return str.__str__(key)
        case None | bool():
            return json.dumps(key)
        case int():
            return int.__repr__(key)
        case float():
            return number_text(key)
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


def in_json_words(value: object, default: Default | None = None) -> object:
    """What Python programs return and JSON has no word for."""
    if default is not None:
        converted = default(value)
        if converted is not value:
            return converted
    match value:
        case Decimal():
            return value
        case date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case bytes() | bytearray() | memoryview():
            return _bytes_text(bytes(value))
        case Mapping():
            return dict(value)
        case Set() | deque() | Iterator():
            return list(value)
    if _is_uuid(value):
        return str(value)
    members = try_data_class_members(value)
    if members is not None:
        return members
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return dump(mode="json")
    raise TypeError(f"A value of type {type(value).__name__} cannot be serialised to JSON")


def _is_uuid(value: object) -> bool:
    # Whoever has one has loaded its module, which others do without.
    uuid = sys.modules.get("uuid")
    return uuid is not None and isinstance(value, uuid.UUID)


def _bytes_text(value: bytes) -> str:
    """Text where it is text, else base64, as bytes leave a function."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return b64encode(value).decode()


def _try_exact(value: Decimal) -> object:
    if not value.is_finite():
        return None
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    if Decimal(repr(near)) != value:
        raise _InexactError
    return near


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        return "null"
    return str(int(value)) if value == value.to_integral_value() else str(value.normalize()).replace("E", "e")
