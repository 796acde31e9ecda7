"""Results leave as the handler gave them, and errors as Lambda alone would let them leave; both are counted, and errors logged."""

from typing import Literal

from ...envelope.envelope import error_body
from ...envelope.error_mapping import SUCCESS_STATUS, code_rule
from ...telemetry.settings import HandlerKind
from ..call.standard_call import StandardCall, standard_call
from ..call.user_handler import UserHandler, call_as_written
from .envelope_change import EnvelopeChange, EnvelopeTrial, error_code_of_result, report_change, try_envelope
from .event import raise_for_lambda
from .http_event import is_http_event, is_plain_answer_taken


def untouched_handler(handler: UserHandler, kind: HandlerKind, envelope: Literal["LOG_ONLY", "OFF"]) -> UserHandler:
    """With LOG_ONLY the log also says what the envelope would change."""
    is_tried = envelope == "LOG_ONLY"

    def handle(event: object, context: object) -> object:
        is_http = kind != "EVENT" and is_http_event(event)
        refusal = EnvelopeChange("not_http") if kind == "API" and not is_http else None

        def answer(call: StandardCall) -> object:
            try:
                returned = call.watched()
            except BaseException as error:
                code = error_body(error)["code"]
                if is_tried:
                    status = code_rule(code).http_status
                    report_change(EnvelopeChange("thrown", after=status, error_code=code) if is_http else refusal)
                call.record(code)
                raise_for_lambda(error)
            trial = trial_of(returned)
            if is_tried:
                report_change(trial.change)
            call.record(trial.error_code)
            return returned

        def trial_of(returned: object) -> EnvelopeTrial:
            if not is_http:
                return EnvelopeTrial(change=EnvelopeChange("error_result") if isinstance(returned, BaseException) else refusal)
            if not is_tried:
                return EnvelopeTrial(error_code_of_result(returned))
            return try_envelope(returned, SUCCESS_STATUS if is_plain_answer_taken(event) else None)

        return standard_call("API" if is_http else "EVENT", event, context, lambda: call_as_written(handler, event, context), answer)

    return handle
