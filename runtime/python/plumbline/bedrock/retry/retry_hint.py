"""How long a service asks to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

from botocore.exceptions import ClientError


def retry_hint_ms(error: Exception) -> float | None:
    """What Retry-After asks for, from now: in seconds or as a date; or the same in milliseconds, by AWS's own header."""
    if not isinstance(error, ClientError):
        return None
    metadata: Any = error.response.get("ResponseMetadata", {})
    headers = metadata.get("HTTPHeaders", {})
    return _of_headers(headers) if isinstance(headers, Mapping) else None


def _of_headers(headers: Mapping[str, str]) -> float | None:
    if "retry-after" in headers:
        seconds = _number(headers["retry-after"])
        return _until(headers["retry-after"]) if seconds is None else seconds * 1_000
    return _number(headers.get("x-amz-retry-after", ""))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _until(date: str) -> float | None:
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds() * 1_000
    except (ValueError, TypeError):
        return None
