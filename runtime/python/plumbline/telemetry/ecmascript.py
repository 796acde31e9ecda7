"""The contract's patterns are written for ECMAScript. Python's mean other things by some of the same signs."""

import re
from collections.abc import Callable
from typing import Any, cast

# What `\s` means there, and what `trim` takes away; in Python it depends on flags, and never holds all of these.
_SPACES = f" \t\n\r\f\v\u00a0\u1680{''.join(map(chr, range(0x2000, 0x200B)))}\u2028\u2029\u202f\u205f\u3000\ufeff"


class _Pattern:
    """Compiled when it is first asked for anything: all of them together take longer than the rest of the runtime loads."""

    def __init__(self, pattern: str, flags: int, translate: Callable[[str], str]) -> None:
        self._source = (pattern, flags, translate)

    def __getattr__(self, name: str) -> Any:
        pattern, flags, translate = self._source
        compiled = re.compile(translate(pattern), flags)
        # From now on as fast as the compiled one.
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


_METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")
_patterns: list[_Pattern] = []


def ecmascript(pattern: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern that was written for ECMAScript, without its flag `u`. Compiled when it is used, or by `compile_patterns`."""
    return _lazy(_Pattern(pattern, re.ASCII | (re.IGNORECASE if ignore_case else 0), translated))


def of_python(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern of Python's own, compiled as late."""
    return _lazy(_Pattern(pattern, flags, str))


def _lazy(pattern: _Pattern) -> re.Pattern[str]:
    _patterns.append(pattern)
    return cast("re.Pattern[str]", pattern)


_PARTS = of_python(r"(?P<all>\[\\s\\S\])|(?P<class>\[(?:\\.|[^\]\\])*\])|(?P<escape>\\.)|(?P<dot>\.)|(?P<end>\$)", re.DOTALL)


def compile_patterns() -> None:
    """For a time when there is nothing else to do."""
    for pattern in _patterns:
        _ = pattern.search


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
