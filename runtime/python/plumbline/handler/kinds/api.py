"""Answers HTTP: whatever the handler returns or raises becomes a proxy result with an envelope. Other events fail."""

from ...telemetry.invocation import is_under_standard
from ...telemetry.settings import settings
from ..call.standard_call import StandardCall, standard_call
from ..call.user_handler import UserHandler, call_handler
from .api_answer import ApiAnswer, answer_of, answer_of_error
from .cors import add_allow_origin
from .event import event_handler
from .http_event import has_listed_headers, is_http_event
from .listed_headers import with_listed_headers


class NotHttpEvent(Exception):  # noqa: N818 -- the name that the Node runtime gives it
    """A function of kind API that was called by a queue, a rule or a state machine: they would take an error's envelope for a success."""

    def __init__(self) -> None:
        super().__init__(
            "The function is of kind API and the event is no HTTP request of API Gateway, a function URL or a load balancer. "
            "Use HandlerKind.AUTO for both, or HandlerKind.EVENT"
        )


def _raise_not_http(_event: object, _context: object) -> object:
    raise NotHttpEvent


_refuse = event_handler(_raise_not_http)


def api_handler(handler: UserHandler) -> UserHandler:
    def handle(event: object, context: object) -> object:
        if not is_http_event(event) and not is_under_standard(context):
            return _refuse(event, context)

        def answer(call: StandardCall) -> object:
            answered = _answer_within(call)
            add_allow_origin(answered.result, event, settings().allowed_origins)
            call.record(answered.error_code)
            return with_listed_headers(answered.result) if has_listed_headers(event) else answered.result

        return standard_call("API", event, context, lambda: call_handler(handler, event, context), answer)

    return handle


def _answer_within(call: StandardCall) -> ApiAnswer:
    """`BaseException`: what ends the process, `sys.exit()` for example, would leave the caller without an answer."""
    try:
        return answer_of(call.guarded())
    except BaseException as error:
        return answer_of_error(error)
