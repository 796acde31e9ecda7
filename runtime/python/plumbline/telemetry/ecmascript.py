"""The contract's patterns are written for ECMAScript. Python's mean other things by some of the same signs."""

import re

# What `\s` means there, and what `trim` takes away; in Python it depends on flags, and never holds all of these.
_SPACES = f" \t\n\r\f\v\u00a0\u1680{''.join(map(chr, range(0x2000, 0x200B)))}\u2028\u2029\u202f\u205f\u3000\ufeff"
_PARTS = re.compile(r"(?P<all>\[\\s\\S\])|(?P<class>\[(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<dot>\.)|(?P<end>\$)", re.DOTALL)


def ecmascript(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Compiles a pattern that was written for ECMAScript, without its flag `u`."""
    return re.compile(translated(pattern), re.ASCII | (re.IGNORECASE if ignore_case else 0))


def trimmed(text: str) -> str:
    return text.strip(_SPACES)


def translated(pattern: str) -> str:
    """The same pattern for Python, with its flag ASCII."""
    return _PARTS.sub(_translate, pattern)


def _translate(part: re.Match[str]) -> str:
    text = part.group()
    match part.lastgroup:
        case "all":
            return "(?s:.)"
        case "class":
            return text.replace("\\s", _SPACES)
        case "escape":
            return {"\\s": f"[{_SPACES}]", "\\S": f"[^{_SPACES}]"}.get(text, text)
        case "dot":
            return "[^\\n\\r\\u2028\\u2029]"
        case _:
            return "\\Z"
