"""Secrets in YAML that take several lines."""

from .ecmascript import ecmascript
from .span import Span, try_span

# `password: |` and `password:`, and what they are followed by in YAML; the newline may be escaped.
_BLOCK_HEAD = ecmascript(r"[ \t]{0,8}(?:[|>][+\-0-9]{0,2}[ \t]{0,8})?(\r?\n|\\{1,16}n)(?:([ \t]{1,64})(?=[^\s\\])|(?=- ))")
_BEGINS_BLOCK = frozenset("|>\\")
_BLANKS = " \t\r\n"
_END_OF_PLAIN_LINE = ecmascript(r"\r?\n")
_END_OF_ESCAPED_LINE = ecmascript(r'\\{1,16}n|\\{0,16}"')


def try_block(text: str, end: int, value: int) -> Span | None:
    """The lines below a name in YAML that are indented more than it, or begin a list."""
    behind = text[end:value]
    if text[value : value + 1] not in _BEGINS_BLOCK and "\n" not in behind:
        return None
    match = _BLOCK_HEAD.match(text, end + len(behind.rstrip(_BLANKS)))
    if not match:
        return None
    newline, indentation = match[1], match[2] or "- "
    start = match.end()
    end_of_line = _END_OF_ESCAPED_LINE if newline.startswith("\\") else _END_OF_PLAIN_LINE
    for line in end_of_line.finditer(text, start):
        if line.group().endswith('"') or not text.startswith(indentation, line.end()):
            return try_span(start, line.start())
    return try_span(start, len(text))
