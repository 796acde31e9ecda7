"""Streams whose end is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from botocore.eventstream import EventStream


@dataclass(frozen=True, slots=True)
class StreamWatch:
    #: Called before the reader has the event.
    on_event: Callable[[object], None]
    #: The reader has all of it, or has left before the end.
    on_end: Callable[[Literal["success", "left"]], None]
    #: Returns the error that the reader is told.
    on_error: Callable[[Exception], Exception]


class WatchedEventStream(EventStream):  # type: ignore[type-arg]
    """botocore's own stream. An error on the way is told, and becomes what the reader is told of it."""

    _watch: StreamWatch

    @classmethod
    def watch(cls, stream: Any, watch: StreamWatch) -> "WatchedEventStream":
        watched = cls.__new__(cls)
        watched.__dict__.update(stream.__dict__)
        watched._watch = watch
        return watched

    def __del__(self) -> None:
        # A reader that leaves leaves no connection behind.
        self.close()

    def __iter__(self) -> Iterator[Any]:
        try:
            for event in super().__iter__():
                self._watch.on_event(event)
                yield event
        except GeneratorExit:
            self._watch.on_end("left")
            raise
        except Exception as error:
            self.close()
            told = self._watch.on_error(error)
            if told is error:
                raise
            raise told from error
        self._watch.on_end("success")


def event_stream_member(output: dict[str, Any]) -> tuple[str, Any] | None:
    """The member of an answer that holds its events, if it is a stream."""
    return next(((name, value) for name, value in output.items() if isinstance(value, EventStream)), None)
