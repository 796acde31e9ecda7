"""The error that a handler answered with by itself, with a status of 4xx."""

from ...envelope.envelope import EnvelopeError, is_error_as_data
from ...envelope.error_mapping import ERROR_CODES, code_of_client_error
from ...telemetry.ecmascript import trimmed
from ...telemetry.thrown import read
from .proxy_result import Body

_MESSAGE_FIELDS: list[str] = ERROR_CODES["ownErrors"]["messageFields"]


def own_error_of(status: int, body: Body) -> EnvelopeError:
    """
    What the handler would have raised. Of a body that is JSON the text of the error goes along, and leaves where any EnvelopeError's
    would; of an error with its stack nothing does.
    """
    value = body.value
    is_json = body.json is not None or isinstance(value, dict)
    return EnvelopeError(code_of_client_error(status), _message_in(value) if is_json and not is_error_as_data(value) else None)


def _message_in(value: object) -> str | None:
    if isinstance(value, str):
        return value
    for field in _MESSAGE_FIELDS:
        member = read(value, field)
        text = read(member, "message") if isinstance(member, dict) else member
        if isinstance(text, str) and trimmed(text) != "":
            return text
    return None
