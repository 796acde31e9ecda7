"""Where the secrets of a text stand: behind the names that say so."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from ..contract import document
from .ecmascript import ecmascript
from .secret_names import HINTS, MAX_NAME, is_qualified_word, is_secret_parameter, try_secret_name

_REDACTION = document("redaction")


class Span(NamedTuple):
    """Where a secret stands in a text."""

    start: int
    end: int


_IN_QUERIES = "|".join(f"{name}(?<=[?&#]{name})(?![\\w-])" for name in _REDACTION["names"]["inQueries"])
_HINT_IN_TEXT = ecmascript(f"{HINTS}|{_IN_QUERIES}", ignore_case=True)
_LONGEST_WORD = 20

# After a name in a log, in code, in JSON within JSON (`\"name\":`), in a list of `{"name":…,"value":…}`.
_SEPARATOR = ecmascript(
    r"""\\{0,16}["'`]?\]?(?:\s{0,8}(?:=>|:=|[:=])|%3[AaDd]|\s{0,8},\s{0,8}\\{0,16}["'][Vv]alue\\{0,16}["']\s{0,8}:)\s{0,8}"""
)
_BEGINS_SEPARATOR = frozenset("\\\"'`] \t\n\r=:%,")
_SEPARATOR_OF_OPTION = ecmascript(r"[ \t=]\s{0,8}(?!-)")
_SEPARATOR_OF_ELEMENT = ecmascript(r"(?:\s[^<>]{0,256})?>")

_VALUE_IN_QUERY = ecmascript(r"""[^\s"'<>&#\\]*""")
_VALUE_OF_OPTION = ecmascript(r"\S*")
_VALUE_OF_ELEMENT = ecmascript(r"[^<]*")
_BEGINS_QUOTED = frozenset("\"'\\`b")
_OPENING_QUOTE = ecmascript(r"""b?(\\{0,16})(["'`])""")
_BRACKETS = {"[": "]", "{": "}"}
# A value without quotes may hold spaces: it ends with its line or its quoted text, or where the next name begins.
_LINE_ENDS = r"""[\r\n]|\\{1,16}[nr]|\\{0,16}["'`](?=[\s;})\]]|,(?!\s{0,8}\w{1,64}=)|$)"""
_END_OF_LINE = ecmascript(_LINE_ENDS)
_END_OF_VALUE = ecmascript(rf"""{_LINE_ENDS}|[\s,;&|]\s{{0,8}}["']?[A-Za-z_][\w.-]{{0,64}}["']?\s?[:=]""")
_WHOLE_LINE = re.compile("authorization|cookie", re.ASCII | re.IGNORECASE)

_NOT_VALUES = frozenset(_REDACTION["notValues"])
_FIRST_WORD = ecmascript(r"[A-Za-z]{1,16}(?![\w-])")
# Stars, or nothing at all.
_NOTHING = ecmascript(r"[*.…]+(?!\w)|[,;)}\]]|$")
_ONLY_STARS = ecmascript(r"[*.…]*$")
# A token with its likelihood is a piece of a model's answer.
_LIKELIHOOD = ecmascript(r"""["']\s{0,8},\s{0,8}\\{0,16}["']?(?:logprob|bytes)""")
_LONGEST_LIKELIHOOD = 64
_OF_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def find_named_secrets(text: str) -> list[Span]:
    """The values in a text that stand behind the name of a secret: `dbPassword=x`, `"api_key": "x"`, `?access_token=x`, `--token x`."""
    found: list[Span] = []
    read = 0
    while hint := _HINT_IN_TEXT.search(text, read):
        end = _end_of_name(text, hint.end())
        secret = _try_secret_behind(text, hint.end(), end, read)
        if secret:
            found.append(secret)
        # Never back: each character is read a bounded number of times, whatever the text.
        read = secret.end if secret else end
    return found


def is_no_value(text: str) -> bool:
    """Whether a text under the name of a secret only says something of it."""
    return text.lower() in _NOT_VALUES or _ONLY_STARS.match(text) is not None


def _try_secret_behind(text: str, hint: int, end: int, read: int) -> Span | None:
    """What follows a name is looked at first: few of the words that sound like a secret's name are followed by a value."""
    follows = text[end : end + 1]
    if follows not in _BEGINS_SEPARATOR:
        return _try_secret_of_element(text, _start_of_name(text, hint, read), end) if follows == ">" else None
    value = _end_of(_SEPARATOR, text, end)
    if value is None and follows not in (" ", "\t"):
        return None
    start = _start_of_name(text, hint, read)
    if value is None:
        return _try_secret_of_element(text, start, end) or _try_secret_of_option(text, start, end)
    name = text[start:end]
    before = text[start - 1] if start > 0 else ""
    if before and before in "?&#":
        return _up_to(_VALUE_IN_QUERY, text, value) if is_secret_parameter(name) else None
    is_part_of_arn = before == ":" and follows == ":"
    has_word_before = before == " " and is_qualified_word(name)
    if is_part_of_arn or not try_secret_name(text[_start_of_word_before(text, start) : end] if has_word_before else name):
        return None
    return _try_secret_at(text, value, name)


def _try_secret_of_element(text: str, start: int, end: int) -> Span | None:
    """As in `<Password>x</Password>`, also with a prefix."""
    first = _start_of_name(text, start - 1, 0) if start > 0 and text[start - 1] == ":" else start
    if first == 0 or text[first - 1] != "<":
        return None
    value = _end_of(_SEPARATOR_OF_ELEMENT, text, end)
    return _up_to(_VALUE_OF_ELEMENT, text, value) if value is not None and try_secret_name(text[start:end]) else None


def _try_secret_of_option(text: str, start: int, end: int) -> Span | None:
    """As in `--password x`."""
    if not text.startswith("--", start):
        return None
    value = _end_of(_SEPARATOR_OF_OPTION, text, end)
    return _up_to(_VALUE_OF_OPTION, text, value) if value is not None and try_secret_name(text[start:end]) else None


def _try_secret_at(text: str, start: int, name: str) -> Span | None:
    quote = _quote_at(text, start)
    if quote:
        return _try_quoted(text, quote)
    closing = _BRACKETS.get(text[start : start + 1])
    return _bracketed(text, start, closing) if closing else _try_bare(text, start, name)


@dataclass(frozen=True, slots=True)
class _Quote:
    mark: str
    # How many backslashes stand in front of it.
    escapes: int
    end: int


def _quote_at(text: str, start: int) -> _Quote | None:
    if text[start : start + 1] not in _BEGINS_QUOTED:
        return None
    opening = _OPENING_QUOTE.match(text, start)
    return _Quote(mark=opening[2], escapes=len(opening[1]), end=opening.end()) if opening else None


def _try_quoted(text: str, quote: _Quote) -> Span | None:
    """The quotes around it may be escaped, once or often: the one that closes is escaped as the one that opens."""
    first = quote.end
    at = text.find(quote.mark, first)
    while at >= 0:
        backslashes = 0
        while at - backslashes > first and text[at - backslashes - 1] == "\\":
            backslashes += 1
        if backslashes % (2 * (quote.escapes + 1)) == quote.escapes:
            end = at - quote.escapes
            is_harmless = is_no_value(text[first:end]) or _LIKELIHOOD.match(text[at : at + _LONGEST_LIKELIHOOD])
            return None if is_harmless else Span(first, end)
        at = text.find(quote.mark, at + 1)
    return _span(first, len(text))


def _bracketed(text: str, start: int, closing: str) -> Span:
    """A list or an object, to the bracket that closes it."""
    opening = text[start]
    depth = 0
    for bracket in _either(opening, closing).finditer(text, start):
        depth += 1 if bracket.group() == opening else -1
        if depth == 0:
            return Span(start, bracket.end())
    return Span(start, len(text))


def _either(opening: str, closing: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(opening)}{re.escape(closing)}]")


def _try_bare(text: str, start: int, name: str) -> Span | None:
    word_end = _end_of(_FIRST_WORD, text, start)
    if text[start : start if word_end is None else word_end].lower() in _NOT_VALUES or _end_of(_NOTHING, text, start) is not None:
        return None
    end = (_END_OF_LINE if _WHOLE_LINE.search(name) else _END_OF_VALUE).search(text, start)
    return _span(start, end.start() if end else len(text))


def _start_of_name(text: str, hint: int, read: int) -> int:
    start = hint
    while start > read and hint - start < MAX_NAME and text[start - 1] in _OF_NAME:
        start -= 1
    return start


def _end_of_name(text: str, hint: int) -> int:
    end = hint
    while end < len(text) and end - hint < MAX_NAME and text[end] in _OF_NAME:
        end += 1
    return end


def _start_of_word_before(text: str, start: int) -> int:
    """An `API key: x` is a secret, an `unexpected token: x` is none."""
    first = start - 1
    while first > 0 and start - first <= _LONGEST_WORD and text[first - 1] in _OF_NAME:
        first -= 1
    return first


def _up_to(value: re.Pattern[str], text: str, start: int) -> Span | None:
    end = _end_of(value, text, start)
    return _span(start, start if end is None else end)


def _span(start: int, end: int) -> Span | None:
    return Span(start, end) if end > start else None


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int | None:
    """Where a match that begins here ends."""
    match = pattern.match(text, start)
    return match.end() if match else None
