"""A member of a JSON object, as it stands there."""

import re
from json import loads

from ...telemetry.ecmascript import of_python

# Nothing in it is tried twice: a text of megabytes would fill the memory with what to come back to.
_SIGN = of_python(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[:,{}\[\]]', re.DOTALL)


def member_text(json: str, name: str) -> str | None:
    """
    The text of a member of a JSON object; of members with the same name the last, as `json.loads` has it.
    The object is known to be valid JSON.
    """
    found: str | None = None
    depth = start = 0
    key: str | None = None
    for match in _SIGN.finditer(json):
        sign = match.group()
        if sign[0] == '"':
            if depth == 1 and key is None:
                key = loads(sign)
        elif sign == ":":
            if depth == 1:
                start = match.end()
        elif sign in "{[":
            depth += 1
        else:
            if depth == 1 and key == name:
                found = json[start : match.start()].strip()
            if depth == 1:
                key = None
            if sign != ",":
                depth -= 1
    return found
