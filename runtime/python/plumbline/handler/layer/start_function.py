"""The start of a function: its role is probed, and its own handler loaded and wrapped, side by side."""

import gc
import os
from collections.abc import Callable

from ...lifecycle import after_restore, register_with_lambda
from ...telemetry.settings import Settings, settings, variable_name
from ..call.user_handler import UserHandler


def start_function() -> UserHandler:
    try:
        known = settings()
        # The probe first: the rest of the runtime loads while its requests are under way.
        judge = _probe(known)
        handler = _load_handler()
        judge()
        # What the role may do is known of the function that was published, not of each that is made from its snapshot.
        after_restore(lambda: _probe(known)())
        register_with_lambda()
    except BaseException as error:
        # The module of the user, which may want it otherwise, was not reached.
        gc.enable()
        raise _init_error(error) from None
    return handler


def _probe(known: Settings) -> Callable[[], None]:
    """Starts the probe; what it returns waits for the answers. Without a probe nothing is loaded for it."""
    if known.probe == "NONE":
        return lambda: None
    from ...probe.iam_probe import start_probe

    probe = start_probe(known.probe, known.probe_models)

    def judge() -> None:
        from ...telemetry.ecmascript import compile_patterns
        from ...telemetry.log import log_event

        # While the answers are on their way this costs nothing; else the first request that logs would wait for it.
        compile_patterns()
        probe.judge(log_event)

    return judge


def _load_handler() -> UserHandler:
    from ..standard_handler import standard_handler
    from ..user_module import UserModuleError, load_user_handler
    from .stray_errors import log_stray_errors

    log_stray_errors()
    gc.enable()
    variable = variable_name("handler")
    handler_string = os.environ.get(variable)
    if not handler_string:
        raise UserModuleError("Runtime.MalformedHandlerName", f"{variable} is not set; let StandardLambda set it")
    return standard_handler(load_user_handler(handler_string))


def _init_error(error: BaseException) -> Exception:
    """The log has all of it. What Lambda tells the caller has a name and a reference: the rest may hold anything."""
    from ...envelope.support_ref import new_support_ref
    from ...probe.iam_probe import LambdaInitException
    from ...telemetry.error_chain import error_chain
    from ...telemetry.log import LOG_EVENTS, log_event
    from ..user_module import UserModuleError

    if isinstance(error, LambdaInitException):
        return error.with_traceback(None)
    support_ref = new_support_ref()
    log_event("error", LOG_EVENTS["initFailed"], {"support_ref": support_ref, "errors": error_chain(error)})
    name = error.name if isinstance(error, UserModuleError) else "LambdaInitError"
    named: type[Exception] = type(name, (Exception,), {})
    return named(f"The function could not start; the log line {LOG_EVENTS['initFailed']} with support_ref {support_ref} says why")
