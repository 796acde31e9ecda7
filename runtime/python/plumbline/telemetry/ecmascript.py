"""The contract's patterns are written for ECMAScript. Python's mean other things by some of the same signs."""

import re

# What `\s` means there; in Python it depends on flags, and never holds all of these.
_SPACE = " \\t\\n\\r\\f\\v\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
_PARTS = re.compile(r"(?P<all>\[\\s\\S\])|(?P<class>\[(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<dot>\.)|(?P<end>\$)", re.DOTALL)


def ecmascript(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Compiles a pattern that was written for ECMAScript, without its flag `u`."""
    return re.compile(translated(pattern), re.ASCII | (re.IGNORECASE if ignore_case else 0))


def translated(pattern: str) -> str:
    """The same pattern for Python, with its flag ASCII."""
    return _PARTS.sub(_translate, pattern)


def _translate(part: re.Match[str]) -> str:
    text = part.group()
    match part.lastgroup:
        case "all":
            return "(?s:.)"
        case "class":
            return text.replace("\\s", _SPACE)
        case "escape":
            return {"\\s": f"[{_SPACE}]", "\\S": f"[^{_SPACE}]"}.get(text, text)
        case "dot":
            return "[^\\n\\r\\u2028\\u2029]"
        case _:
            return "\\Z"
