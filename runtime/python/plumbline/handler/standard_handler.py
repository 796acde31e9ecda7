"""The standard around a handler, as the layer puts it there."""

from functools import wraps

from ..telemetry.settings import EnvelopeMode, HandlerKind, settings
from .call.user_handler import UserHandler
from .kinds.api import api_handler
from .kinds.auto import auto_handler
from .kinds.event import event_handler
from .kinds.untouched import untouched_handler


class StreamingNotSupportedError(ValueError):
    """Lambda's Python runtimes answer with whole results only."""

    def __init__(self) -> None:
        super().__init__(
            "A Python function cannot be of kind STREAM: Lambda's Python runtimes do not stream. "
            "Use AUTO or API and answer at once, stream from a Node.js function, or run the service in a container"
        )


_WRAPPERS = {"AUTO": auto_handler, "API": api_handler, "EVENT": event_handler}


def standard_handler(handler: UserHandler, *, kind: HandlerKind | None = None, envelope: EnvelopeMode | None = None) -> UserHandler:
    """
    The handler under the standard, as it is in Lambda: for unit tests. Also a decorator.

    `kind` is how results and errors leave; without one it is the function's own, AUTO outside of a function of the standard.
    `envelope` is whether they leave in the envelope; without one it is the function's own, ON outside of a function of the standard.
    Under the layer this changes nothing: the layer has wrapped the handler already, and only the outer wrapping counts.
    """
    kind = kind or settings().kind
    wrap = _WRAPPERS.get(kind)
    if wrap is None:
        raise StreamingNotSupportedError
    mode = envelope or settings().envelope
    if mode != "ON":
        return wraps(handler)(untouched_handler(handler, kind, mode))
    return wraps(handler)(wrap(handler))
