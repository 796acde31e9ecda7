"""Streams whose end is told."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.eventstream import EventStream


class WatchedEventStream(EventStream):  # type: ignore[type-arg]
    """botocore's own stream. An error on the way is told, and becomes what the reader is told of it."""

    _on_error: Callable[[Exception], Exception]

    @classmethod
    def watch(cls, stream: Any, on_error: Callable[[Exception], Exception]) -> "WatchedEventStream":
        watched = cls.__new__(cls)
        watched.__dict__.update(stream.__dict__)
        watched._on_error = on_error
        return watched

    def __del__(self) -> None:
        # A reader that leaves leaves no connection behind.
        self.close()

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from super().__iter__()
        except Exception as error:
            self.close()
            told = self._on_error(error)
            if told is error:
                raise
            raise told from error


def event_stream_member(output: dict[str, Any]) -> tuple[str, Any] | None:
    """The member of an answer that holds its events, if it is a stream."""
    return next(((name, value) for name, value in output.items() if isinstance(value, EventStream)), None)
