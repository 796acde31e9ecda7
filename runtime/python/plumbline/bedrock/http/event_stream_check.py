"""What is a stream of the service's, and what only says so."""

from botocore.exceptions import BotoCoreError

from ..retry.time_limit_errors import BEDROCK

_EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream"
_LENGTH_BYTES = 4
_MIN_FRAME_BYTES = 16
# Above every frame that AWS sends; the protocol's own limit is 24 MB of payload.
_MAX_FRAME_BYTES = 32 * 1024 * 1024


class UnreadableStreamError(BotoCoreError):
    """Something answered with 200 that is no stream of the service's, or not a whole one."""

    fmt = "The answer is not an event stream of {service}: {what}."

    def __init__(self, what: str, service: str = BEDROCK) -> None:
        super().__init__(what=what, service=service)


def check_stream_type(content_type: str | None, service: str = BEDROCK) -> None:
    if content_type is None or content_type.split(";", 1)[0].strip().lower() != _EVENT_STREAM_TYPE:
        raise UnreadableStreamError(f"its content type is {'missing' if content_type is None else repr(content_type)}", service)


class FrameLengths:
    """Follows the frames of a stream: stops one that says of itself that it is too long for the memory, and knows whether one is open."""

    def __init__(self, service: str = BEDROCK) -> None:
        self._service = service
        self._length = b""
        self._left_in_frame = 0

    def check(self, part: bytes) -> None:
        at = 0
        while at < len(part):
            if self._left_in_frame > 0:
                skipped = min(self._left_in_frame, len(part) - at)
                self._left_in_frame -= skipped
                at += skipped
                continue
            missing = _LENGTH_BYTES - len(self._length)
            self._length += part[at : at + missing]
            at += missing
            if len(self._length) == _LENGTH_BYTES:
                self._start_frame(int.from_bytes(self._length, "big"))

    def require_whole(self) -> None:
        """botocore drops what is left of a frame that never ended, as if the stream were complete."""
        if self._left_in_frame > 0 or self._length:
            raise UnreadableStreamError("it ends within a frame", self._service)

    def _start_frame(self, frame_bytes: int) -> None:
        if not _MIN_FRAME_BYTES <= frame_bytes <= _MAX_FRAME_BYTES:
            raise UnreadableStreamError(f"one frame claims {frame_bytes} bytes", self._service)
        self._length = b""
        self._left_in_frame = frame_bytes - _LENGTH_BYTES
