"""Errors that nobody catches, in threads: Python would print them as they are, with every secret in them."""

import threading

from ...envelope.support_ref import new_support_ref
from ...telemetry.error_chain import error_chain
from ...telemetry.invocation import current_invocation
from ...telemetry.log import LOG_EVENTS, log_event


def log_stray_errors() -> None:
    """What the function's own code sets later stays."""
    threading.excepthook = _log_stray_error


def _log_stray_error(stray: threading.ExceptHookArgs) -> None:
    if stray.exc_type is SystemExit:
        return
    fields = {"support_ref": new_support_ref(), "after_answer": current_invocation() is None, "errors": error_chain(stray.exc_value)}
    log_event("error", LOG_EVENTS["strayError"], fields)
