"""Items of DynamoDB as values."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Attributes = Mapping[str, Mapping[str, Any]]

_WHOLE = re.compile(r"-?[0-9]+")


def values_of(attributes: Attributes) -> dict[str, Any]:
    """The values of an item. Raises TypeError for a kind of value that no statement of the registry has, such as a set or bytes."""
    return {name: _value_of(attribute) for name, attribute in attributes.items()}


def _value_of(attribute: Mapping[str, Any]) -> Any:
    kind, value = next(iter(attribute.items()), ("nothing", None)) if len(attribute) == 1 else ("nothing", None)
    convert = _KINDS.get(kind)
    if convert is None:
        raise TypeError(f"an attribute of the kind {kind[:20]}")
    return convert(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("an attribute that is no string")
    return value


def _number(value: object) -> float:
    text = _text(value)
    return int(text) if _WHOLE.fullmatch(text) else float(text)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("an attribute that is no boolean")
    return value


_KINDS: dict[str, Callable[[Any], Any]] = {
    "S": _text,
    "N": _number,
    "BOOL": _flag,
    "NULL": lambda _value: None,
    "L": lambda value: [_value_of(member) for member in value],
    "M": lambda value: values_of(value),
}
