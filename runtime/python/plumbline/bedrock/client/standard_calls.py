"""Around everything botocore does for one call: each attempt resolves, signs and sends anew, for the Region it goes to."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, EventStreamError

from ...contract.task_types import with_service_tier
from ..retry.attempt import Attempt
from ..retry.attempt_clock import AttemptLimits
from ..retry.bedrock_call import BedrockCall, CallRequest, CallSurroundings
from ..retry.call_deadline import call_deadline
from ..retry.failure_kind import failure_kind
from ..retry.told_error import told_error
from .call_report import CallReport, ReportedCall
from .call_settings import CallSettings
from .model_route import Route, input_for_region
from .watched_stream import StreamWatch, WatchedEventStream, event_stream_member

SendOnce = Callable[[str, dict[str, Any]], dict[str, Any]]


class UnreadableAnswerError(BotoCoreError):
    """Something answered with 200 that is no JSON. botocore takes it for an answer with nothing in it."""

    fmt = "The answer is no JSON of Amazon Bedrock."


class StubbedError(Exception):
    """Carries what a stub answered past the retries: botocore's own do not see it either."""

    def __init__(self, answer: ClientError) -> None:
        super().__init__()
        self.answer = answer


class StandardCalls:
    """One of the bases of the client's class. botocore calls it for every operation, a page of a paginator too."""

    _settings: CallSettings | None = None
    # Of botocore's client.
    meta: Any
    exceptions: Any

    @classmethod
    def add_to(cls, base_classes: list[type], **_: Any) -> None:
        base_classes.insert(0, cls)

    def _make_api_call(self, operation_name: str, api_params: dict[str, Any]) -> dict[str, Any]:
        send: SendOnce = super()._make_api_call  # type: ignore[misc]
        settings = self._settings
        if settings is None:
            return send(operation_name, api_params)
        return _Call(self, settings, operation_name, api_params, send).make()


class _Call:
    def __init__(self, client: StandardCalls, settings: CallSettings, operation: str, params: Mapping[str, Any], send: SendOnce) -> None:
        self._client = client
        self._settings = settings
        self._operation = operation
        self._model = client.meta.service_model.operation_model(operation)
        self._send = send
        self._input = self._in_its_tier(_repeatable(params, self._model))
        self._rerouted = self._input_for_fallback()
        limits = AttemptLimits(
            connect_ms=settings.policy.connect_timeout_ms,
            read_ms=settings.read_timeout_ms(),
            deadline=call_deadline(
                settings.ports.remaining_time_ms(),
                reserve_ms=settings.policy.deadline_reserve.ms,
                reserve_share=settings.policy.deadline_reserve.share,
            ),
            standstill_ms=settings.policy.standstill_ms,
        )
        model_id = params.get("modelId")
        self._report = CallReport(
            settings.ports, ReportedCall(operation, model_id if isinstance(model_id, str) else None, settings.task_type, limits)
        )
        self._limits = limits

    def make(self) -> dict[str, Any]:
        settings, state = self._settings, self._settings.state
        request = CallRequest(
            limits=self._limits,
            primary=settings.primary,
            fallback=None if self._rerouted is None else settings.fallback,
            answers_with_events=self._model.has_event_stream_output,
            send=self._attempt,
        )
        around = CallSurroundings(settings.policy.retry, state.circuit, self._report, state.pacing, state.clock_of, self._told)
        call = BedrockCall(request, around)
        done = call.run()
        output = done.result
        # An answer of botocore's `Stubber` has none.
        if "ResponseMetadata" in output:
            output["ResponseMetadata"]["RetryAttempts"] = done.attempts - 1
        events = event_stream_member(output)
        if events is not None:
            name, stream = events
            watch = StreamWatch(self._report.streamed, self._report.stream_ended, self._stream_failed)
            output[name] = WatchedEventStream.watch(stream, watch)
        return output

    def _attempt(self, attempt: Attempt) -> dict[str, Any]:
        chosen = self._input if self._rerouted is None or attempt.region == self._settings.primary else self._rerouted
        try:
            parsed = self._send(self._operation, dict(chosen))
        except ClientError as error:
            if not attempt.requested:
                raise StubbedError(error) from None
            raise
        if attempt.answer is not None and set(parsed) <= {"ResponseMetadata"} and not _is_json(attempt):
            raise UnreadableAnswerError()
        if attempt.answer is not None:
            is_body = self._model.has_streaming_output and not self._model.has_event_stream_output
            self._report.answered(attempt.answer.headers, attempt.answer.content if is_body else None)
        return parsed

    def _in_its_tier(self, given: dict[str, Any]) -> dict[str, Any]:
        # A botocore that is older than tiers would refuse the request.
        if "serviceTier" not in self._model.input_shape.members:
            return given
        return with_service_tier(self._operation, given, self._settings.try_service_tier(), self._settings.policy.service_tier)

    def _input_for_fallback(self) -> Mapping[str, Any] | None:
        settings = self._settings
        if settings.fallback is None or self._operation not in settings.policy.rerouted:
            return None
        return input_for_region(self._input, Route(settings.primary, settings.fallback, settings.twins))

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, StubbedError):
            return error.answer
        return told_error(error, self._operation, self._client.exceptions.from_code)

    def _stream_failed(self, error: Exception) -> Exception:
        told = error if isinstance(error, EventStreamError) else self._told(error)
        self._report.stream_failed(told, failure_kind(error))
        return told


def _repeatable(params: Mapping[str, Any], model: Any) -> dict[str, Any]:
    """
    An input that every attempt can send: botocore would invent a new token for each, so that the same job would start twice, and a body
    that is a file has been read to its end after the first.
    """
    given = dict(params)
    for name in model.idempotent_members:
        given.setdefault(name, str(uuid.uuid4()))
    body = given.get("body")
    read = getattr(body, "read", None)
    if read is not None:
        given["body"] = read()
    return given


def _is_json(attempt: Attempt) -> bool:
    """Asked only of an answer of which nothing but its metadata was understood."""
    try:
        json.loads(attempt.answer.content)
    except ValueError:
        return False
    return True
