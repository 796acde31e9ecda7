"""Secrets are blacked out, by the name of their field and by their own form."""

from functools import lru_cache

from ..contract import document
from .ecmascript import ecmascript
from .found_words import FoundWords
from .secret_names import small_letters
from .secret_values import find_named_secrets
from .utf16 import utf16_length, utf16_start

_REDACTION = document("redaction")
REDACTED: str = _REDACTION["replacement"]
_FORMS = [ecmascript(f"({form.get('keeps', '')}){form['pattern']}") for form in _REDACTION["forms"]]


def _forms_by_mark() -> dict[str, list[int]]:
    forms: dict[str, list[int]] = {}
    for index, form in enumerate(_REDACTION["forms"]):
        for mark in form["marks"]:
            forms.setdefault(mark, []).append(index)
    return forms


_FORMS_BY_MARK = _forms_by_mark()
_MARKS = FoundWords(_FORMS_BY_MARK)

_SHORT = 64
_MAX_KNOWN_TEXTS = 2_000
# What a secret at the end of a text may reach beyond it.
_LONGEST_SECRET = 2048


def redact_text(text: str) -> str:
    """The text with every secret in it blacked out. The work grows with the length of the text and with nothing else."""
    return _redact_short(text) if len(text) <= _SHORT else _redact(text)


def redact_start(text: str, length: int) -> str:
    """The beginning of a text without its secrets. Cut first, half a secret might remain that nobody knows as one."""
    is_short = utf16_length(text) <= length
    return redact_text(text) if is_short else utf16_start(redact_text(utf16_start(text, length + _LONGEST_SECRET)), length)


def _redact(text: str) -> str:
    small = small_letters(text)
    for index in sorted({index for mark in _MARKS.within(small) for index in _FORMS_BY_MARK[mark]}):
        text = _FORMS[index].sub(rf"\1{REDACTED}", text)
    return _without_named_secrets(text)


# Names of fields, Regions, models, outcomes: each line has the same ones.
_redact_short = lru_cache(_MAX_KNOWN_TEXTS)(_redact)


def _without_named_secrets(text: str) -> str:
    pieces: list[str] = []
    copied = 0
    for start, end in find_named_secrets(text):
        pieces += (text[copied:start], REDACTED)
        copied = end
    return "".join((*pieces, text[copied:])) if pieces else text
