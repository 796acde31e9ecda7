"""Where an exception came from."""

from traceback import TracebackException

# Of a long way the two ends tell most: where it began, and where it failed.
_MAX_FRAMES = 60


def trace_of(error: BaseException) -> str | None:
    """The trace as Python prints it, of the exception alone; None where it was never raised, or cannot be shown."""
    if error.__traceback__ is None:
        return None
    try:
        return "".join(TracebackException.from_exception(error, limit=-_MAX_FRAMES, compact=True).format(chain=False))
    except Exception:
        return None
