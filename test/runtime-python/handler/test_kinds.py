import asyncio
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plumbline import EnvelopeError, logger, partial, standard_handler, success, to_error_envelope
from plumbline.envelope.envelope import leaks
from plumbline.envelope.envelope_check import is_envelope
from plumbline.handler.standard_handler import StreamingNotSupportedError
from support.cases import GENERATED_CASES
from support.lambda_events import SQS_EVENT, LambdaContext, http_event
from support.output import Output

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
    start = time.monotonic()
    envelope = envelope_of(lambda _event, _context: time.sleep(30), LambdaContext(remaining_ms=400))
    assert time.monotonic() - start < 0.4
    assert envelope["error"]["code"] == "TIMEOUT"
    assert len(output.events("timeout_close_by")) == 1


def test_requests_that_run_side_by_side_never_mix(output: Output) -> None:
    """In threads, as one process of Lambda Managed Instances or ECS has them, and in tasks of one loop within each."""
    barrier = threading.Barrier(8)

    async def part(name: str) -> str:
        await asyncio.sleep(0.001)
        logger.info("part", {"of": name})
        return success()["request_id"]

    async def parts(name: str) -> list[str]:
        return list(await asyncio.gather(*(part(name) for _ in range(5))))

    def handler(event: dict[str, Any], _context: object) -> list[str]:
        barrier.wait()
        return asyncio.run(parts(event["requestContext"]["requestId"]))

    def call(name: str) -> list[str]:
        result = standard_handler(handler)(http_event({"requestContext": {"requestId": name}}), LambdaContext())
        envelope = json.loads(result["body"])
        return [envelope["request_id"], *envelope["data"]]

    names = [f"request-{index}" for index in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, names)) == [[name] * 6 for name in names]
    lines = [line for line in output.lines if line["message"] == "part"]
    assert len(lines) == 40
    assert all(line["request_id"] == line["fields"]["of"] for line in lines)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=8,
)
SECRETS = ["arn:aws:iam::123456789012:role/x", "/var/task/app.py", "password=hunter2", 'File "/opt/x.py", line 7', "boto3/1.44.8"]


@settings(max_examples=GENERATED_CASES, deadline=None)
@given(JSON_VALUES)
def test_whatever_a_handler_returns_is_answered_with_an_envelope(returned: Any) -> None:
    result = standard_handler(lambda _event, _context: returned, kind="API")(http_event(), LambdaContext())
    assert result["body"] == "" or is_envelope(json.loads(result["body"]))
    json.dumps(result).encode()


@settings(max_examples=GENERATED_CASES, deadline=None)
@given(st.text(max_size=40), st.sampled_from(SECRETS), st.sampled_from([ValueError, KeyError, OSError, SystemExit, KeyboardInterrupt]))
def test_no_error_leaks_what_it_says(text: str, secret: str, error: type[BaseException]) -> None:
    for thrown in (error(f"{text} {secret}"), EnvelopeError("INVALID_REQUEST", f"{text} {secret}")):
        body = to_error_envelope(thrown)["error"]
        assert body is not None
        assert secret not in json.dumps(body)
        assert not leaks(body["message"])


def test_a_part_of_an_answer_says_why_the_rest_is_missing() -> None:
    envelope = envelope_of(lambda _event, _context: partial([1], TimeoutError("slow")))
    assert (envelope["status"], envelope["data"], envelope["error"]["code"]) == ("partial", [1], "TIMEOUT")
