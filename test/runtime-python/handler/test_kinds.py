import json
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline import EnvelopeError, partial, standard_handler, success, to_error_envelope
from plumbline.envelope.envelope import leaks
from plumbline.envelope.envelope_check import is_envelope
from plumbline.handler.standard_handler import StreamingNotSupportedError
from support.cases import generated
from support.lambda_events import SQS_EVENT, LambdaContext, http_event
from support.output import Output
from support.waiting import BUSY_MS, ms_of

Handler = Callable[[Any, Any], Any]


def envelope_of(handler: Handler, context: object = None) -> dict[str, Any]:
    result = standard_handler(handler)(http_event(), context or LambdaContext())
    envelope: dict[str, Any] = json.loads(result["body"])
    return envelope


def raising(error: BaseException) -> Handler:
    def handler(_event: object, _context: object) -> object:
        raise error

    return handler


def test_a_request_is_answered_and_an_event_fails() -> None:
    handler = standard_handler(raising(ValueError("boom")))
    assert handler(http_event(), LambdaContext())["statusCode"] == 500
    with pytest.raises(ValueError, match="boom"):
        handler(SQS_EVENT, LambdaContext())


def test_batch_item_failures_leave_as_they_are() -> None:
    failures = {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert standard_handler(lambda _event, _context: failures)(SQS_EVENT, LambdaContext()) is failures


@pytest.mark.parametrize("event", [http_event(), SQS_EVENT])
def test_each_call_is_counted_once(output: Output, event: dict[str, Any]) -> None:
    handler = standard_handler(raising(EnvelopeError("NOT_FOUND")))
    with suppress(EnvelopeError):
        handler(event, LambdaContext())
    full = [metric.name for metric in output.metrics if len(metric.dimensions) == 3]
    assert sorted(full) == ["EndToEndMs", "ErrorCount"]


def test_a_handler_within_a_handler_is_not_wrapped_twice(output: Output) -> None:
    inner = standard_handler(lambda _event, _context: {"inner": 1})
    assert envelope_of(lambda event, context: inner(event, context))["data"] == {"inner": 1}
    assert sum(metric.name == "EndToEndMs" for metric in output.metrics) == 3


def test_kind_stream_is_refused_and_the_error_names_the_alternatives() -> None:
    with pytest.raises(StreamingNotSupportedError, match=r"do not stream.*Node\.js function.*container"):
        standard_handler(lambda _event, _context: 1, kind="STREAM")


def test_a_handler_that_takes_too_long_is_a_timeout_in_time(output: Output) -> None:
    def call() -> None:
        output.forget()
        envelope = envelope_of(lambda _event, _context: time.sleep(30), LambdaContext(remaining_ms=400))
        assert envelope["error"]["code"] == "TIMEOUT"
        assert len(output.events("timeout_close_by")) == 1

    took = ms_of(call)
    assert min(took) < 400
    assert max(took) < 400 + BUSY_MS


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=8,
)
SECRETS = ["arn:aws:iam::123456789012:role/x", "/var/task/app.py", "password=hunter2", 'File "/opt/x.py", line 7', "boto3/1.44.8"]


def results_of(value: object) -> list[object]:
    """Every way to return a value: to draw it takes longer than to answer with it."""
    text = json.dumps(value)
    return [
        value,
        success(value),
        partial(value, TimeoutError("slow")),
        {"statusCode": 200, "body": value},
        {"statusCode": 201, "body": text, "headers": {"content-type": "application/json"}},
        {"statusCode": 404, "body": text},
        {"statusCode": value, "body": text, "headers": value, "isBase64Encoded": value},
        {"statusCode": 200, "body": b64encode(text.encode()).decode(), "isBase64Encoded": True},
    ]


@settings(max_examples=generated(8))
@given(JSON_VALUES)
def test_whatever_a_handler_returns_is_answered_with_an_envelope(value: object) -> None:
    results = iter(results_of(value))
    handler = standard_handler(lambda _event, _context: next(results), kind="API")
    for _ in results_of(value):
        result = handler(http_event(), LambdaContext())
        # A redirect leaves as it came.
        is_redirect = 300 <= result["statusCode"] < 400
        assert is_redirect or result["body"] == "" or result.get("isBase64Encoded") or is_envelope(json.loads(result["body"]))
        json.dumps(result).encode()


@settings(max_examples=generated(2 * len(SECRETS)))
@given(st.text(max_size=40), st.sampled_from([ValueError, KeyError, OSError, SystemExit, KeyboardInterrupt]))
def test_no_error_leaks_what_it_says(text: str, error: type[BaseException]) -> None:
    for secret in SECRETS:
        for thrown in (error(f"{text} {secret}"), EnvelopeError("INVALID_REQUEST", f"{text} {secret}")):
            body = to_error_envelope(thrown)["error"]
            assert body is not None
            assert secret not in json.dumps(body)
            assert not leaks(body["message"])


def test_a_part_of_an_answer_says_why_the_rest_is_missing() -> None:
    envelope = envelope_of(lambda _event, _context: partial([1], TimeoutError("slow")))
    assert (envelope["status"], envelope["data"], envelope["error"]["code"]) == ("partial", [1], "TIMEOUT")
