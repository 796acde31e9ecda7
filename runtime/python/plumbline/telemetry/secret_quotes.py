"""Secrets in quotes."""

from typing import NamedTuple

from .ecmascript import ecmascript
from .secret_words import is_no_value
from .span import Span, try_span

# One in a text, escaped once or often.
QUOTE = r"""\\{0,16}["']"""
_BEGINS_QUOTED = frozenset("\"'\\`b")
_OPENING_QUOTE = ecmascript(r"""b?(\\{0,16})(["'`])(\1\2(?![\s,;:)}\]"'`]|$))?""")
# A token with its likelihood is a piece of a model's answer.
_LIKELIHOOD = ecmascript(r"""["']\s{0,8},\s{0,8}\\{0,16}["']?(?:logprob|likelihood|bytes)""")


class Quote(NamedTuple):
    mark: str
    # How many backslashes stand in front of it.
    escapes: int
    # Two of them stand for one, as everywhere within a field of CSV.
    doubled: bool
    end: int


def quote_at(text: str, start: int) -> Quote | None:
    if text[start : start + 1] not in _BEGINS_QUOTED:
        return None
    opening = _OPENING_QUOTE.match(text, start)
    return Quote(mark=opening[2], escapes=len(opening[1]), doubled=opening[3] is not None, end=opening.end()) if opening else None


def try_quoted(text: str, quote: Quote) -> Span | None:
    """
    The quotes around it may be escaped, once or often: the one that closes is escaped as the one that opens. Two quotes within are one of
    the value, as connection strings have it.
    """
    first = behind = quote.end
    while (at := text.find(quote.mark, behind)) >= 0:
        before = text[behind:at]
        backslashes = len(before) - len(before.rstrip("\\"))
        end = at - quote.escapes
        closes = backslashes % (2 * (quote.escapes + 1)) == quote.escapes
        if closes and not quote.doubled and end > first and text.startswith(text[end : at + 1], at + 1):
            at += 1 + quote.escapes
        elif closes:
            is_harmless = is_no_value(text[first:end]) or _LIKELIHOOD.match(text, at)
            return None if is_harmless else Span(first, end)
        behind = at + 1
    return try_span(first, len(text))
