"""A value as it may stand in a log line."""

from collections import deque
from collections.abc import Mapping, Set
from datetime import date, time
from decimal import Decimal
from functools import lru_cache

from .data_class import try_data_class_members
from .redaction import REDACTED, redact_start, redact_text
from .secret_names import SecretName, try_secret_name
from .secret_pairs import may_be_named_beside, name_beside
from .secret_words import is_no_value, is_working_directory
from .thrown import message_of, name_of, safe_text
from .trace import trace_of

_MAX_DEPTH = 30
_MAX_VALUES = 20_000
# More than one line of a log may have.
_MAX_TEXT = 1_048_576
_TOO_MUCH = "[more]"
_UNREADABLE = "[unreadable]"
# A token with a likelihood is a piece of a model's answer.
_LIKELIHOODS = ("logprob", "likelihood")
_RAW_HEADERS = "rawHeaders"
_MOST_HEADERS = 400
_LONGEST_PLAIN_NAME = 64
_MAX_KNOWN_NAMES = 2_000

_List = list[object] | tuple[object, ...] | Set[object] | deque[object]


def redacted(value: object) -> object:
    """A copy in which secrets are blacked out, by field name and by form; what JSON has no word for is put into words."""
    return _RedactedCopy().of(value)


class _Omitted:
    """A value that holds itself, at the place where it would begin again."""


class _RedactedCopy:
    """Bounded in depth, in number and in length, so that no object that is logged can stop the function."""

    def __init__(self) -> None:
        self._ancestors: list[object] = []
        self._left = _MAX_VALUES
        self._text_left = _MAX_TEXT

    def of(self, value: object) -> object:
        copy = self._of(value)
        return None if isinstance(copy, _Omitted) else copy

    def _of(self, value: object) -> object:
        self._left -= 1
        match value:
            case str():
                return self._of_text(value)
            case None | int() | float():
                return value
            case Decimal() | date() | time():
                return str(value)
            case bytes() | bytearray() | memoryview():
                # Not as the text that they may be: the bytes of a secret are the secret.
                return f"[{memoryview(value).nbytes} bytes]"
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

    def _of_text(self, text: str) -> str:
        most = self._text_left
        self._text_left = max(0, most - len(text))
        if len(text) <= most:
            return redact_text(text)
        return f"{redact_start(text, most)}{_TOO_MUCH}" if most > 0 else _TOO_MUCH

    def _of_object(self, value: object) -> object:
        if isinstance(value, BaseException):
            return self._of_fields(_fields_of_error(value))
        if isinstance(value, Mapping):
            is_plain = type(value) is dict and {*map(type, value)} <= {str}
            return self._of_fields({**value} if is_plain else {_key_text(key): member for key, member in value.items()})
        if isinstance(value, list | tuple | Set | deque):
            return self._of_list(value)
        members = try_data_class_members(value)
        if members is not None:
            return self._of_fields(members)
        return self._of_text(safe_text(value))

    def _of_list(self, elements: _List) -> list[object]:
        copy: list[object] = []
        before: object = None
        for element in elements:
            if self._left <= 0:
                return [*copy, _TOO_MUCH]
            if _is_value_of_option(before, element):
                copy.append(self._of_field(str(copy[-1]), element, {"value": element}))
            elif isinstance(element, list | tuple) and len(element) == 2 and isinstance(element[0], str):
                copy.append([self._of_text(element[0]), self._of_field(element[0], element[1], {})])
            else:
                copy.append(self.of(element))
            before = element
        return copy

    def _of_fields(self, members: Mapping[str, object]) -> dict[str, object]:
        copy: dict[str, object] = {}
        for name, value in members.items():
            if self._left <= 0:
                break
            if len(name) <= _LONGEST_PLAIN_NAME < self._text_left and _is_plain_name(name):
                self._text_left -= len(name)
                shown, member = name, self._of(value)
            else:
                shown = self._of_text(name)
                member = self._try_field(name, value, members)
            if not isinstance(member, _Omitted):
                copy[shown] = member
        return copy

    def _of_field(self, name: str, value: object, holder: Mapping[str, object]) -> object:
        copy = self._try_field(name, value, holder)
        return None if isinstance(copy, _Omitted) else copy

    def _try_field(self, name: str, value: object, holder: Mapping[str, object]) -> object:
        secret = try_secret_name(name) or try_secret_name(name_beside(name, holder))
        if secret and _holds_secret(name, value, secret) and not _is_piece_of_answer(holder) and not _is_piece_of_answer(value):
            return REDACTED
        return self._of_raw_headers(value) if name == _RAW_HEADERS and isinstance(value, list) else self._of(value)

    def _of_raw_headers(self, flat: list[object]) -> list[object]:
        """Names and values in turn, as Node.js has them and events that come from there."""
        given = flat[:_MOST_HEADERS]
        names, values = given[::2], given[1::2]
        copy: list[object] = []
        for index, name in enumerate(map(safe_text, names)):
            copy.append(self._of_text(name))
            copy += [self._of_field(name, value, {}) for value in values[index : index + 1]]
        return copy


@lru_cache(_MAX_KNOWN_NAMES)
def _is_plain_name(name: str) -> bool:
    """Whether a name holds no secret and says nothing of its value, whatever stands beside it: each line has the same ones."""
    says_nothing = name != _RAW_HEADERS and not try_secret_name(name) and not may_be_named_beside(name)
    return says_nothing and redact_text(name) == name


def _is_value_of_option(before: object, element: object) -> bool:
    return isinstance(before, str) and isinstance(element, str) and before.startswith("--") and not element.startswith("-")


def _is_piece_of_answer(value: object) -> bool:
    return isinstance(value, Mapping) and any(value.get(likelihood) is not None for likelihood in _LIKELIHOODS)


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


def _holds_secret(name: str, value: object, secret: SecretName) -> bool:
    """A number may be a count, and a switch tells nothing."""
    match value:
        case None | bool():
            return False
        case str():
            return not is_no_value(value) and not is_working_directory(name, value)
        case int() | float() | Decimal():
            return secret.numbers_too
    return True
