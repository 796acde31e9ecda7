"""Results leave as they are, batch-item failures too. Errors are logged and raised again: retries and dead-letter queues live on them."""

from json import loads
from typing import NoReturn

from ...envelope.envelope import error_body
from ...telemetry.json_text import json_text
from ...telemetry.thrown import name_of, safe_text
from ..call.standard_call import StandardCall, standard_call
from ..call.user_handler import UserHandler, call_handler

_MAX_DEPTH = 200


def event_handler(handler: UserHandler) -> UserHandler:
    def handle(event: object, context: object) -> object:
        def answer(call: StandardCall) -> object:
            try:
                result = _for_lambda(call.guarded())
            except BaseException as error:
                call.record(error_body(error)["code"])
                raise_for_lambda(error)
            call.record()
            return result

        return standard_call("EVENT", event, context, lambda: call_handler(handler, event, context), answer)

    return handle


def raise_for_lambda(error: BaseException) -> NoReturn:
    """Raises an error again, or what stands for it where Lambda's client would end at it."""
    if isinstance(error, Exception) and _can_be_shown(error):
        raise error
    raise _stand_in(error) from None


def _for_lambda(result: object) -> object:
    """As it is where Lambda's client can write it, else as its JSON: what cannot be written fails in here, with a log line."""
    return result if isinstance(result, bytes) or _is_plain(result, 0) else loads(json_text(result))


def _is_plain(value: object, depth: int) -> bool:
    match value:
        case None | str() | bool() | int() | float():
            return True
        case list() | tuple():
            return depth < _MAX_DEPTH and all(_is_plain(element, depth + 1) for element in value)
        case dict():
            return depth < _MAX_DEPTH and all(isinstance(key, str) and _is_plain(member, depth + 1) for key, member in value.items())
    return False


def _stand_in(error: BaseException) -> Exception:
    """Lambda's client ends at what is no `Exception`, and at one that cannot be shown: it gets one of the same name."""
    named: type[Exception] = type(name_of(error), (Exception,), {})
    return named(safe_text(error))


def _can_be_shown(error: Exception) -> bool:
    try:
        return isinstance(str(error), str)
    except Exception:
        return False
