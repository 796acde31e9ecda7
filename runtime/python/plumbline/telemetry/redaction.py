"""Secrets are blacked out, by the name of their field and by their own form."""

from collections import deque
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from ..contract import document
from .ecmascript import ecmascript
from .secret_names import SecretName, try_secret_name
from .secret_values import find_named_secrets, is_no_value
from .thrown import message_of, name_of, safe_text
from .trace import trace_of
from .utf16 import utf16_length, utf16_start

_REDACTION = document("redaction")
REDACTED: str = _REDACTION["replacement"]
_FORMS = [ecmascript(f"({form.get('keeps', '')}){form['pattern']}") for form in _REDACTION["forms"]]
_ANY_FORM = ecmascript("|".join(f"{form.get('keeps', '')}(?:{form['pattern']})" for form in _REDACTION["forms"]))

_SHORT = 64
_MAX_KNOWN_TEXTS = 2_000
_MAX_DEPTH = 30
_MAX_VALUES = 20_000
_TOO_MUCH = "[more]"
_UNREADABLE = "[unreadable]"
# A token with a likelihood is a piece of a model's answer.
_LIKELIHOOD = "logprob"


def redact_text(text: str) -> str:
    """The text with every secret in it blacked out. The work grows with the length of the text and with nothing else."""
    return _redact_short(text) if len(text) <= _SHORT else _redact(text)


def _redact(text: str) -> str:
    if _ANY_FORM.search(text):
        for form in _FORMS:
            text = form.sub(rf"\1{REDACTED}", text)
    return _without_named_secrets(text)


# What a secret at the end of a text may reach beyond it.
_LONGEST_SECRET = 2048


def redact_start(text: str, length: int) -> str:
    """The beginning of a text without its secrets. Cut first, half a secret might remain that nobody knows as one."""
    is_short = utf16_length(text) <= length
    return redact_text(text) if is_short else utf16_start(redact_text(utf16_start(text, length + _LONGEST_SECRET)), length)


# Names of fields, Regions, models, outcomes: each line has the same ones.
_redact_short = lru_cache(_MAX_KNOWN_TEXTS)(_redact)


def redacted(value: object) -> object:
    """A copy in which secrets are blacked out, by field name and by form; what JSON has no word for is put into words."""
    return _RedactedCopy().of(value)


def _without_named_secrets(text: str) -> str:
    pieces: list[str] = []
    copied = 0
    for start, end in find_named_secrets(text):
        pieces += (text[copied:start], REDACTED)
        copied = end
    return "".join((*pieces, text[copied:])) if pieces else text


class _Omitted:
    """A value that holds itself, at the place where it would begin again."""


class _RedactedCopy:
    """Bounded in depth and in number, so that no object that is logged can stop the function."""

    def __init__(self) -> None:
        self._ancestors: list[object] = []
        self._left = _MAX_VALUES

    def of(self, value: object) -> object:
        copy = self._of(value)
        return None if isinstance(copy, _Omitted) else copy

    def _of(self, value: object) -> object:
        self._left -= 1
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return redact_text(value)
            case Decimal() | date() | time():
                return str(value)
        if any(value is ancestor for ancestor in self._ancestors):
            return _Omitted()
        if self._left <= 0 or len(self._ancestors) >= _MAX_DEPTH:
            return _TOO_MUCH
        self._ancestors.append(value)
        try:
            return self._of_object(value)
        except Exception:
            return _UNREADABLE
        finally:
            self._ancestors.pop()

    def _of_object(self, value: object) -> object:
        if isinstance(value, BaseException):
            return self._of_fields(_fields_of_error(value))
        if isinstance(value, Mapping):
            return self._of_fields({_key_text(key): member for key, member in value.items()})
        if isinstance(value, list | tuple | Set | deque):
            return self._of_list(value)
        if isinstance(value, bytes | bytearray):
            return redact_text(bytes(value).decode("utf-8", "replace"))
        if is_dataclass(value) and not isinstance(value, type):
            return self._of_fields({field.name: getattr(value, field.name) for field in fields(value)})
        return redact_text(safe_text(value))

    def _of_list(self, elements: "list[object] | tuple[object, ...] | Set[object] | deque[object]") -> list[object]:
        copy: list[object] = []
        for element in elements:
            if self._left <= 0:
                return [*copy, _TOO_MUCH]
            copy.append(self.of(element))
        return copy

    def _of_fields(self, members: Mapping[str, object]) -> dict[str, object]:
        copy: dict[str, object] = {}
        for name, value in members.items():
            if self._left <= 0:
                break
            member = self._of_field(name, value, members)
            if not isinstance(member, _Omitted):
                copy[redact_text(name)] = member
        return copy

    def _of_field(self, name: str, value: object, holder: Mapping[str, object]) -> object:
        secret = try_secret_name(name) or try_secret_name(_name_beside(name, holder))
        return REDACTED if secret and _holds_secret(value, secret) and _LIKELIHOOD not in holder else self._of(value)


def _key_text(key: object) -> str:
    return key if isinstance(key, str) else safe_text(key)


def _fields_of_error(error: BaseException) -> dict[str, object]:
    """As an error is in the Node runtime, and whatever it carries beside."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own: dict[str, object] = {"name": name_of(error), "message": message_of(error), "stack": trace_of(error), "cause": cause}
    if isinstance(error, BaseExceptionGroup):
        own["errors"] = error.exceptions
    further = {name: value for name, value in vars(error).items() if not name.startswith("_")}
    return {**{name: value for name, value in own.items() if value is not None}, **further}


def _holds_secret(value: object, secret: SecretName) -> bool:
    """A number may be a count, and a switch tells nothing."""
    match value:
        case None | bool():
            return False
        case str():
            return not is_no_value(value)
        case int() | float() | Decimal():
            return secret.numbers_too
    return True


def _name_beside(name: str, holder: Mapping[str, object]) -> str:
    """In `{ "name": "DB_PASSWORD", "value": "x" }` the name of the value is a value itself."""
    if name.lower() != "value":
        return ""
    given = next((holder[candidate] for candidate in ("name", "Name", "key", "Key") if candidate in holder), "")
    return given if isinstance(given, str) else ""
