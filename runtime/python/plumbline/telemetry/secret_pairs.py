"""Fields whose name is the value of a field beside them."""

from collections.abc import Mapping
from functools import lru_cache

from ..contract import document
from .ecmascript import ecmascript

_PAIRS = document("redaction")["names"]["pairs"]
_NAME_FIELDS = frozenset(_PAIRS["names"])
_VALUE_FIELDS = frozenset(_PAIRS["values"])
# Who holds a name and much else is no pair.
_MOST_FIELDS = 16
_DEEPEST_PATH = 32
_LONGEST_FIELD = 20
# Beside one of them, `pass` is no result of a test.
_LOGINS = ("user", "username", "login", "email")
# As many an HTTP client takes it.
_USER_AND_PASSWORD = ecmascript(r"[^\s:]+:\S+$")
_MAX_KNOWN_FIELDS = 2000


def may_be_named_beside(field: str) -> bool:
    """Whether a field may have its name in a field beside it: few are called so."""
    return field in ("pass", "auth") or (len(field) <= _LONGEST_FIELD and _in_one_word(field) in _VALUE_FIELDS)


def name_beside(field: str, holder: Mapping[str, object]) -> str:
    """
    In `{ name: 'DB_PASSWORD', value: 'x' }` the name of the value is a value itself, and so it is in
    `{ path: ['user', 'password'], input: 'x' }`, as what validates requests has it. Empty where nothing beside a field names it.
    """
    if field == "pass":
        return "password" if any(isinstance(holder.get(login), str) for login in _LOGINS) else ""
    if field == "auth":
        given = holder.get(field)
        return "password" if isinstance(given, str) and _USER_AND_PASSWORD.match(given) else ""
    if not may_be_named_beside(field) or len(holder) > _MOST_FIELDS:
        return ""
    naming = (other for other in holder if len(other) <= _LONGEST_FIELD and _in_one_word(other) in _NAME_FIELDS)
    return next((name for other in naming if (name := _last_of(holder[other]))), "")


@lru_cache(_MAX_KNOWN_FIELDS)
def _in_one_word(field: str) -> str:
    return field.replace("_", "").replace("-", "").lower()


def _last_of(name: object) -> str:
    if isinstance(name, str):
        return name
    parts = [part for part in name[:_DEEPEST_PATH] if isinstance(part, str)] if isinstance(name, list | tuple) else []
    return parts[-1] if parts else ""
