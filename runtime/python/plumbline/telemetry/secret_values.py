"""Where the secrets of a text stand: behind the names that say so."""

import re

from ..contract import document
from .ecmascript import ecmascript, of_python
from .found_words import FoundWords
from .secret_block import try_block
from .secret_names import HINT_WORDS, HINTS, MAX_NAME, is_qualified_word, is_secret_parameter, small_letters, try_secret_name
from .secret_quotes import QUOTE, quote_at, try_quoted
from .secret_words import is_word_of_no_value, is_working_directory
from .span import Span, end_of, try_span

_NAMES_IN_QUERIES = document("redaction")["names"]["inQueries"]
_IN_QUERIES = "|".join(f"{name}(?<=[?&#]{name})(?![\\w-])" for name in _NAMES_IN_QUERIES)
_HINT_WORDS = FoundWords((*HINT_WORDS, *_NAMES_IN_QUERIES))
_HINT_IN_TEXT = ecmascript(f"{HINTS}|{_IN_QUERIES}")
_LONGEST_WORD = 20

_NEWLINE = r"(?:\r?\n|(?:\\{1,16}r)?\\{1,16}n)"
_FIELD = rf"""{QUOTE}\w{{1,32}}{QUOTE}\s{{0,8}}:\s{{0,8}}(?:{QUOTE}[^"'\\]{{0,128}}{QUOTE}|[\w.]{{1,32}})\s{{0,8}},\s{{0,8}}"""
_SIGNS = (
    r"(?:[\s\u200b]|\\{1,16}[nrt]){0,8}(?:=>|->|:=|[:=\uff1a\uff1d])",
    r"\s{1,8}(?:is|was)\s{0,8}[:=]",
    # In `<add key="…" value="…">`, in `ParameterKey=…,ParameterValue=…`.
    r"""(?<=["'])\s{1,8}[Vv]alue=""",
    ",(?:Parameter)?Value=",
    rf"""(?<=["']){_NEWLINE}{{2}}""",
    "%3[AaDd]",
    # In a list of `{"name":…,"value":…}`, in JSON and in YAML.
    rf"\s{{0,8}},\s{{0,8}}(?:{_FIELD}){{0,3}}{QUOTE}(?:[Vv]alue|received|input){QUOTE}\s{{0,8}}:",
    rf"[ \t]{{0,8}}{_NEWLINE}[ \t]{{0,64}}[Vv]alue:",
)
# Nearly every one.
_COMMON_SEPARATOR = ecmascript(r"""\\{0,16}["'`]?\s{0,8}(?:=>|:=|::|[:=])\s{0,32}""")
# After a name in a log, in code, in JSON within JSON (`\"name\":`), in a URL's encoding, in a field of CSV.
_SEPARATOR = ecmascript(
    r"""(?:(?:\\{0,16}["'`]){0,2}|\\{0,16}|%2[27]|&quot;|&#3[49];|\\{1,16}u0022)(?:\[\d{0,4}\]|\])?"""
    rf"(?:{'|'.join(_SIGNS)})(?:\s|\\{{1,16}}t){{0,32}}"
)
_BEGINS_SEPARATOR = frozenset("\\\"'`] \t\n\r=:%,[\uff1a\uff1d\u00a0\u200b")
# Not those with which `is`, `was` and `value` begin.
_BEGINS_WORD = frozenset("abcdefghjklmnopqrstuxyzABCDEFGHIJKLMNOPQRSTUWXYZ0123456789")
# A quote in HTML.
_ENTITIES = ("&quot;", "&#34;", "&#39;")
# Between name and value in a list of pairs: `[["x-api-key", "x"]]`, `[('x-api-key', 'x')]`.
_SEPARATOR_OF_PAIR = ecmascript(rf"{QUOTE}\s{{0,8}},\s{{0,8}}(?=b?{QUOTE})")
_BEGINS_PAIR = ecmascript(rf"(?:\(|[\[,(]\s{{0,8}}\[)\s{{0,8}}b?{QUOTE}$")
_LONGEST_BEGINNING = 36
_ENDS_PAIR = ecmascript(rf"{QUOTE}\s{{0,8}}[\])]")
_SEPARATOR_OF_OPTION = ecmascript(r"[ \t=]\s{0,8}(?!-)")
_SEPARATOR_OF_ELEMENT = ecmascript(r"(?:\s[^<>]{0,256})?>")
# Without a sign, as a shell or a Dockerfile has it, only what looks like a key is the value of a variable.
_VALUE_OF_VARIABLE = ecmascript(r"[ \t]{1,8}(?=[^\s\d]{0,64}\d)(?=[^\sA-Za-z]{0,64}[A-Za-z])[\w+/=.~-]{16,}")

_VALUE_IN_QUERY = ecmascript(r"""[^\s"'<>&#\\]*""")
_VALUE_OF_OPTION = ecmascript(r"\S*")
_VALUE_OF_ELEMENT = ecmascript(r"(?:<!\[CDATA\[)?[^<]*")
# In SQL and in words only what a person types is followed by its value at once: `PASSWORD 'x'`, `invalid password "x"`.
_BEFORE_QUOTED = ecmascript(r"""[ \t]{1,4}(?=\\{0,16}["'])""")
# With what opens, and with what closes.
_BRACKETS = {"[": of_python(r"[\[\]]"), "{": of_python("[{}]")}
# A value without quotes may hold spaces: it ends with its line or its quoted text, or where the next name begins.
_LINE_ENDS = r"""[\r\n]|\\{1,16}[nr]|\\{0,16}["'`](?=[\s;})\]]|,(?!\s{0,8}\w{1,64}=)|$)"""
_END_OF_LINE = ecmascript(_LINE_ENDS)
_END_OF_VALUE = ecmascript(rf"""{_LINE_ENDS}|[\s,;&|]\s{{0,8}}["']?[A-Za-z_][\w.-]{{0,64}}["']?[ \t]?(?::|=(?!=|[\s,;]|$))""")
_NEXT_NAME = ecmascript(r"""["']?[\w.-]{1,64}["']?\s?[:=]""")
_WHOLE_LINE = of_python("authorization|cookie", re.ASCII | re.IGNORECASE)
# Stars, or nothing at all.
_NOTHING = ecmascript(r"""[*.…]+(?![\w*.…])|[,;)}\]](?=[\s,;)}\]"'`]|$)|<\/|$""")
_LIKELIHOOD_INSIDE = ecmascript(r"""\{[^{}]{0,256}["'](?:logprob|likelihood)""")

# A letter, also of another alphabet, a digit, `_` or `-`.
_OF_NAME = of_python("[A-Za-z0-9_\\-\u00c0-\u1fff\u3041-\ud7a3]{0,%d}" % MAX_NAME)  # noqa: UP031 -- braces of its own

# A text with more names of secrets than this was written to keep the function busy: what is left of it becomes black unread.
_FEWEST_NAMES = 200
_CHARACTERS_FOR_A_NAME = 20


def find_named_secrets(text: str) -> list[Span]:
    """The values in a text that stand behind the name of a secret: `dbPassword=x`, `"api_key": "x"`, `?access_token=x`, `--token x`."""
    found: list[Span] = []
    read = 0
    left = _FEWEST_NAMES + len(text) / _CHARACTERS_FOR_A_NAME
    small = small_letters(text)
    for place in _HINT_WORDS.places_in(small):
        hint = _HINT_IN_TEXT.match(small, place) if place >= read else None
        if hint is None:
            continue
        left -= 1
        if left < 0:
            return [*found, Span(read, len(text))]
        end = _end_of_name(text, hint.end())
        secret = _try_secret_behind(text, hint.end(), end, read)
        if secret:
            found.append(secret)
        # Never back: each character is read a bounded number of times, whatever the text.
        read = secret.end if secret else end
    return found


def _try_secret_behind(text: str, hint: int, end: int, read: int) -> Span | None:
    """What follows a name is looked at first: few of the words that sound like a secret's name are followed by a value."""
    follows = text[end : end + 1]
    if follows not in _BEGINS_SEPARATOR and not text.startswith(_ENTITIES, end):
        return _try_secret_of_element(text, _start_of_name(text, hint, read), end) if follows == ">" else None
    value = _end_of_separator(text, end) if _may_be_sign(text, end) else None
    start = _start_of_name(text, hint, read)
    if value is None:
        return _try_secret_without_sign(text, start, end)
    name = text[start:end]
    before = text[start - 1] if start > 0 else ""
    if before in ("?", "&", "#"):
        return _up_to(_VALUE_IN_QUERY, text, value) if is_secret_parameter(name) else None
    is_part_of_arn = before == ":" and follows == ":"
    has_word_before = before in (" ", ".") and is_qualified_word(name)
    if is_part_of_arn or not try_secret_name(text[_start_of_word_before(text, start) : end] if has_word_before else name):
        return None
    return _try_secret_at(text, end, value, name)


def _end_of_separator(text: str, end: int) -> int | None:
    common = end_of(_COMMON_SEPARATOR, text, end)
    return end_of(_SEPARATOR, text, end) if common is None else common


def _may_be_sign(text: str, end: int) -> bool:
    """A word that follows is no sign, but for `is`, `was` and `value`."""
    return text[end] != " " or text[end + 1 : end + 2] not in _BEGINS_WORD


def _try_secret_without_sign(text: str, start: int, end: int) -> Span | None:
    if text[end] not in (" ", "\t"):
        return _try_secret_of_pair(text, start, end)
    if text[end + 1 : end + 2] in _BEGINS_WORD and text[start] != "-" and "_" not in text[start:end]:
        return None
    return (
        _try_secret_of_element(text, start, end)
        or _try_secret_of_option(text, start, end)
        or _try_secret_of_variable(text, start, end)
        or _try_secret_in_quotes(text, start, end)
    )


def _try_secret_in_quotes(text: str, start: int, end: int) -> Span | None:
    value = end_of(_BEFORE_QUOTED, text, end)
    if value is None:
        return None
    name, quote = try_secret_name(text[start:end]), quote_at(text, value)
    return try_quoted(text, quote) if name and name.numbers_too and quote else None


def _try_secret_of_element(text: str, start: int, end: int) -> Span | None:
    """As in `<Password>x</Password>`, also with a prefix."""
    first = _start_of_name(text, start - 1, 0) if start > 0 and text[start - 1] == ":" else start
    if first == 0 or text[first - 1] != "<":
        return None
    value = end_of(_SEPARATOR_OF_ELEMENT, text, end)
    return _up_to(_VALUE_OF_ELEMENT, text, value) if value is not None and try_secret_name(text[start:end]) else None


def _try_secret_of_option(text: str, start: int, end: int) -> Span | None:
    """As in `--password x`."""
    if text[start] != "-":
        return None
    value = end_of(_SEPARATOR_OF_OPTION, text, end)
    return _up_to(_VALUE_OF_OPTION, text, value) if value is not None and try_secret_name(text[start:end]) else None


def _try_secret_of_variable(text: str, start: int, end: int) -> Span | None:
    """As in `set AWS_SECRET_ACCESS_KEY x`."""
    name = text[start:end]
    last = end_of(_VALUE_OF_VARIABLE, text, end) if "_" in name else None
    return Span(end + 1, last) if last is not None and try_secret_name(name) else None


def _try_secret_of_pair(text: str, start: int, end: int) -> Span | None:
    value = end_of(_SEPARATOR_OF_PAIR, text, end)
    if value is None:
        return None
    is_option = text.startswith("--", start)
    if not (is_option or _BEGINS_PAIR.search(text[max(0, start - _LONGEST_BEGINNING) : start])):
        return None
    quote = quote_at(text, value) if try_secret_name(text[start:end]) else None
    found = try_quoted(text, quote) if quote else None
    return found if found and (is_option or _ENDS_PAIR.match(text, found.end)) else None


def _try_secret_at(text: str, end: int, start: int, name: str) -> Span | None:
    block = try_block(text, end, start)
    if block:
        return None if is_word_of_no_value(text, block.start) else block
    quote = quote_at(text, start)
    if quote:
        return try_quoted(text, quote)
    brackets = _BRACKETS.get(text[start : start + 1])
    if not brackets:
        return _try_bare(text, start, name)
    return None if _LIKELIHOOD_INSIDE.match(text, start) else _bracketed(text, start, brackets)


def _bracketed(text: str, start: int, brackets: re.Pattern[str]) -> Span:
    """A list or an object, to the bracket that closes it."""
    depth = 0
    for bracket in brackets.finditer(text, start):
        depth += 1 if bracket.group() == text[start] else -1
        if depth == 0:
            return Span(start, bracket.end())
    return Span(start, len(text))


def _try_bare(text: str, start: int, name: str) -> Span | None:
    first = text[start : start + 1]
    if is_word_of_no_value(text, start) if first.isascii() and first.isalpha() else _NOTHING.match(text, start):
        return None
    if text[start - 1] == "\n" and _NEXT_NAME.match(text, start):
        return None
    if is_working_directory(name, first):
        return None
    end = (_END_OF_LINE if _WHOLE_LINE.search(name) else _END_OF_VALUE).search(text, start)
    return try_span(start, end.start() if end else len(text))


def _start_of_name(text: str, hint: int, read: int) -> int:
    start = hint - _length_of_name(text[max(read, hint - MAX_NAME) : hint][::-1])
    return min(hint, start + _encoded_before(text, start))


def _encoded_before(text: str, start: int) -> int:
    """How much of what reads like a name belongs to a sign in front of it, as in `%3Ftoken` and in `\\ntoken` within JSON."""
    before = text[start - 1] if start > 0 else ""
    if before == "%":
        return 2
    return 1 if before == "\\" and text[start : start + 1] in ("n", "r", "t") else 0


def _end_of_name(text: str, hint: int) -> int:
    return hint + _length_of_name(text[hint : hint + MAX_NAME])


def _start_of_word_before(text: str, start: int) -> int:
    """An `API key: x` is a secret, an `unexpected token: x` is none."""
    before = text[max(0, start - 1 - _LONGEST_WORD) : start - 1]
    return start - 1 - _length_of_name(before[::-1])


def _length_of_name(text: str) -> int:
    return end_of(_OF_NAME, text, 0) or 0


def _up_to(value: re.Pattern[str], text: str, start: int) -> Span | None:
    return try_span(start, end_of(value, text, start) or start)
