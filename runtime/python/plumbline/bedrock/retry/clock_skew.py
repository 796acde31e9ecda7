"""A clock that is wrong, and what the service's answers tell of the right time."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

_SKEW_CODES = frozenset(
    {"AuthFailure", "InvalidSignatureException", "RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed", "SignatureDoesNotMatch"}
)
_CORRECTED = "ClockSkewCorrected"
# Services take signatures that are five minutes off.
_TOLERATED = timedelta(minutes=4)


class RegionClock:
    """The time as one Region has it."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def correct(self, error: Exception, signed_with: timedelta) -> None:
        """
        Sets the clock by an error that says it was wrong. `signed_with` is the offset of the request that failed. The same request, signed
        again, is right then, and the error says so too.
        """
        if not isinstance(error, ClientError) or error.response.get("Error", {}).get("Code") not in _SKEW_CODES:
            return
        metadata: Any = error.response.get("ResponseMetadata", {})
        try:
            offset = parsedate_to_datetime(metadata["HTTPHeaders"]["date"]) - datetime.now(UTC)
        except (KeyError, TypeError, ValueError):
            return
        if abs(offset - signed_with) > _TOLERATED:
            self.offset = offset
            metadata[_CORRECTED] = True


def is_skew_corrected(error: ClientError) -> bool:
    metadata: Any = error.response.get("ResponseMetadata", {})
    return bool(metadata.get(_CORRECTED))
