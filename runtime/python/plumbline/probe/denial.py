"""What the answers of AWS services say."""

import json
import re
from collections.abc import Iterable

from .signed_request import ProbeResponse

_DENIALS = frozenset(("AccessDenied", "AccessDeniedException"))
_UNKNOWN_ROLE = "unknown"
_CODE_IN_XML = re.compile(r"<Code>([^<]+)</Code>")
_SESSION = re.compile(r"arn:(aws[a-z-]*):sts::(\d{12}):assumed-role/([\w+=,.@-]+)/", re.ASCII)
_IDENTITY = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(?:role|user)/[\w+=,.@/-]+", re.ASCII)


def is_denied(response: ProbeResponse) -> bool:
    """True when the service answered that the role may not. Expired or unknown credentials are another matter."""
    return error_code_of(response) in _DENIALS


def error_code_of(response: ProbeResponse) -> str | None:
    """The error code of an AWS answer, wherever its protocol puts it."""
    if response.status < 300:
        return None
    in_xml = _CODE_IN_XML.search(response.body)
    code = response.error_type or _code_of_json(response.body) or (in_xml and in_xml[1])
    # "AccessDeniedException:http://internal.amazon.com/…" and "com.amazon.coral.service#AccessDeniedException"
    return code.split(":")[0].split("#")[-1] if code else None


def role_arn(bodies: Iterable[str]) -> str:
    """The role behind a session's ARN, from whichever answer names it."""
    for body in bodies:
        session = _SESSION.search(body)
        if session:
            return f"arn:{session[1]}:iam::{session[2]}:role/{session[3]}"
        identity = _IDENTITY.search(body)
        if identity:
            return identity[0]
    return _UNKNOWN_ROLE


def _code_of_json(body: str) -> str | None:
    try:
        parsed = json.loads(body)
    except ValueError:
        return None
    code = (parsed.get("__type") or parsed.get("code")) if isinstance(parsed, dict) else None
    return code if isinstance(code, str) else None
