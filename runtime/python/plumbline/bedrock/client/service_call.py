"""Around everything botocore does for one call of a service: each attempt resolves, signs and sends anew."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from botocore.exceptions import BotoCoreError, ClientError, EventStreamError

from ..retry.attempt import Attempt
from ..retry.attempt_clock import AttemptLimits
from ..retry.bedrock_call import BedrockCall, CallRequest, CallSurroundings
from ..retry.call_deadline import call_deadline
from ..retry.call_observer import CallObserver
from ..retry.failure_kind import FailureKind, failure_kind
from ..retry.region_pacing import RegionPacing
from ..retry.told_error import told_error
from .client_settings import ClientSettings
from .watched_stream import StreamWatch, WatchedEventStream, event_stream_member

SendOnce = Callable[[str, dict[str, Any]], dict[str, Any]]


class UnreadableAnswerError(BotoCoreError):
    """Something answered with 200 that is no JSON. botocore takes it for an answer with nothing in it."""

    fmt = "The answer is no JSON of {service}."


class StubbedError(Exception):
    """Carries what a stub answered past the retries: botocore's own do not see it either."""

    def __init__(self, answer: ClientError) -> None:
        super().__init__()
        self.answer = answer


class CallReporter(CallObserver, Protocol):
    """Who is told of a call, and of the stream that it answered with."""

    def answered(self, headers: Mapping[str, str], content: bytes | None) -> None: ...

    def streamed(self, event: object) -> None: ...

    def stream_ended(self, outcome: Literal["success", "left"]) -> None: ...

    def stream_failed(self, error: Exception, kind: FailureKind | None) -> None: ...


class ServiceCall:
    #: What texts call the service.
    service: str

    def __init__(
        self,
        client: Any,
        settings: ClientSettings,
        operation: str,
        params: Mapping[str, Any],
        send: SendOnce,
        limits: AttemptLimits,
        report: CallReporter,
    ) -> None:
        self._client = client
        self._common = settings
        self._operation = operation
        self._model = client.meta.service_model.operation_model(operation)
        self._send = send
        self._limits = limits
        self._report = report
        self._given = _repeatable(params, self._model)

    @classmethod
    def limits_of(cls, settings: ClientSettings) -> AttemptLimits:
        policy = settings.policy
        reserve = policy.deadline_reserve
        return AttemptLimits(
            connect_ms=policy.connect_timeout_ms,
            read_ms=settings.read_timeout_ms(),
            deadline=call_deadline(settings.ports.remaining_time_ms(), reserve_ms=reserve.ms, reserve_share=reserve.share),
            standstill_ms=policy.standstill_ms,
            service=cls.service,
        )

    def _fallback(self) -> str | None:
        """The Region that the call may go to when its own fails."""
        return None

    def _pacing(self, region: str) -> RegionPacing:
        return self._common.state.pacing(region)

    def _input_for(self, region: str) -> Mapping[str, Any]:
        return self._given

    def make(self) -> dict[str, Any]:
        settings, state = self._common, self._common.state
        request = CallRequest(
            limits=self._limits,
            primary=settings.primary,
            fallback=self._fallback(),
            answers_with_events=self._model.has_event_stream_output,
            send=self._attempt,
        )
        around = CallSurroundings(settings.policy.retry, state.circuit, self._report, self._pacing, state.clock_of, self._told)
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
        try:
            parsed = self._send(self._operation, dict(self._input_for(attempt.region)))
        except ClientError as error:
            if not attempt.requested:
                raise StubbedError(error) from None
            raise
        if attempt.answer is not None:
            if set(parsed) <= {"ResponseMetadata"} and not _is_json(attempt):
                raise UnreadableAnswerError(service=self.service)
            is_body = self._model.has_streaming_output and not self._model.has_event_stream_output
            self._report.answered(attempt.answer.headers, attempt.answer.content if is_body else None)
        return parsed

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, StubbedError):
            return error.answer
        return told_error(error, self._operation, self._client.exceptions.from_code, self.service)

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
    payload: str = (model.input_shape.serialization.get("payload") if model.input_shape else None) or ""
    read = getattr(given.get(payload), "read", None)
    if read is not None:
        given[payload] = read()
    return given


def _is_json(attempt: Attempt) -> bool:
    """Asked only of an answer of which nothing but its metadata was understood."""
    try:
        json.loads(attempt.answer.content)
    except ValueError:
        return False
    return True
