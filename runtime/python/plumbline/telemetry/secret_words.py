"""What stands at the place of a secret and is none."""

from ..contract import document
from .ecmascript import ecmascript

_NOT_VALUES = frozenset(document("redaction")["notValues"])
_ONLY_STARS = ecmascript(r"[*.…]*$")
_FIRST_WORD = ecmascript(r"[A-Za-z]{1,16}(?![\w(-])")


def is_no_value(text: str) -> bool:
    """Whether a text under the name of a secret only says something of it."""
    return text.lower() in _NOT_VALUES or _ONLY_STARS.match(text) is not None


def is_word_of_no_value(text: str, start: int) -> bool:
    word = _FIRST_WORD.match(text, start)
    return word is not None and word.group().lower() in _NOT_VALUES


def is_working_directory(name: str, value: str) -> bool:
    """Every shell has it, and so has the environment of every function."""
    return name == "PWD" and value.startswith("/")
