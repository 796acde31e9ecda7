"""Which service and which prompt asked, so that AWS's own invocation log proves it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ...contract import document

_CONTRACT = document("call-usage")["requestMetadata"]
_IN_FIELD = frozenset(_CONTRACT["operations"]["field"])
_IN_HEADER = frozenset(_CONTRACT["operations"]["header"])
_OTHER_CHARACTERS = re.compile(_CONTRACT["allowed"].replace("[", "[^", 1), re.ASCII)
HEADER: str = _CONTRACT["header"]

Metadata = dict[str, str]


def with_request_metadata(operation: str, params: Mapping[str, Any], own: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    """
    The input with our entries beside the caller's, and the value of a header where the operation takes them by one: the boto3 of Lambda may
    be older than the parameter. Of more entries than Bedrock takes the caller's stay.

    See https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-request-metadata.html
    """
    given = dict(params)
    in_header = operation in _IN_HEADER
    if not in_header and operation not in _IN_FIELD:
        return given, None
    entries = _entries_of(given.get("requestMetadata"))
    # What is none is the caller's to be told of, by botocore or Bedrock.
    if entries is None:
        return given, None
    merged = dict(entries)
    for name, value in own.items():
        if value and (name in merged or len(merged) < _CONTRACT["maxEntries"]):
            merged[name] = _allowed_text(value)
    if not in_header:
        return {**given, "requestMetadata": merged}, None
    given.pop("requestMetadata", None)
    return given, json.dumps(merged, ensure_ascii=False, separators=(",", ":"))


def _entries_of(given: object) -> Metadata | None:
    if given is None:
        return {}
    try:
        entries = json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return None
    return entries if isinstance(entries, dict) else None


def _allowed_text(value: str) -> str:
    return _OTHER_CHARACTERS.sub("_", value)[: _CONTRACT["maxLength"]]
