import gzip
import json
import tracemalloc
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

import brotli
import pytest
from plumbline import success
from plumbline.handler.kinds.api import api_handler
from plumbline.handler.kinds.content_encoding import try_decompress
from plumbline.handler.kinds.json_member import member_text
from plumbline.handler.kinds.untouched import untouched_handler
from support.lambda_events import LambdaContext, http_event
from support.output import Output
from support.vectors import vectors

VECTORS = vectors("api-answers")
CASES = [pytest.param(case, id=case["name"]) for case in VECTORS["cases"]]


def answer_to(returned: object) -> dict[str, Any]:
    event = http_event({"requestContext": {"requestId": VECTORS["requestId"]}})
    result = api_handler(lambda _event, _context: returned)(event, LambdaContext())
    assert isinstance(result, dict)
    return result


def text_of(result: dict[str, Any]) -> str:
    if not result.get("isBase64Encoded"):
        return str(result["body"])
    decompressed = try_decompress(b64decode(result["body"]), result["headers"]["content-encoding"])
    assert decompressed is not None
    return decompressed.decode()


def without_refs(value: Any) -> Any:
    match value:
        case dict():
            return {name: without_refs(member) for name, member in value.items() if name != "support_ref"}
        case list():
            return [without_refs(element) for element in value]
    return value


@pytest.mark.parametrize("case", CASES)
def test_a_result_leaves_as_the_contract_says(case: dict[str, Any]) -> None:
    result = answer_to(case["returned"])
    assert result["statusCode"] == case["statusCode"]
    headers = {name.lower(): value for name, value in result["headers"].items()}
    assert headers.items() >= case.get("headers", {}).items()
    lists = result.get("multiValueHeaders", {})
    assert {*headers, *map(str.lower, lists)}.isdisjoint(case.get("noHeaders", []))
    assert lists == case.get("multiValueHeaders", {})
    assert result.get("cookies", []) == case.get("cookies", [])
    if case.get("isBase64Encoded"):
        assert (result["isBase64Encoded"], result["body"]) == (True, case["text"])
        return
    text = text_of(result)
    if "text" in case:
        assert text == case["text"]
    else:
        envelope = json.loads(text)
        assert (envelope["error"] is None) or envelope["error"]["support_ref"]
        assert without_refs(envelope) == case["body"]


RESERVED = {"level", "message", "timestamp", "service_name", "environment", "request_id", "function_request_id", "event"}


@pytest.mark.parametrize("case", CASES)
def test_without_the_envelope_a_result_leaves_as_it_is_and_the_log_says_what_would_change(case: dict[str, Any], output: Output) -> None:
    event = http_event({"requestContext": {"requestId": VECTORS["requestId"]}})
    before = json.dumps(case["returned"])
    answers = [
        untouched_handler(lambda _event, _context: case["returned"], "API", mode)(event, LambdaContext()) for mode in ("OFF", "LOG_ONLY")
    ]
    assert all(answer is case["returned"] for answer in answers)
    assert json.dumps(case["returned"]) == before
    lines = [{name: value for name, value in line.items() if name not in RESERVED} for line in output.lines if "_aws" not in line]
    assert lines == ([case["change"]] if "change" in case else [])
    assert len(output.events("envelope_would_change")) == len(lines)
    counted = {metric.value for metric in output.metrics if metric.name == "ChangeCount"}
    assert counted == {1 if "change" in case else 0}


class ThrottlingException(Exception):  # noqa: N818 -- the name that the service gives it
    """As an HTTP client raises it: with what must not leave."""

    config: ClassVar = {"headers": {"Authorization": "Bearer secret"}}


@pytest.mark.parametrize(
    "returned",
    [
        lambda error: error,
        lambda error: {"statusCode": 200, "body": error},
        success,
        lambda error: {"statusCode": 200, "body": success(error)},
    ],
    ids=["itself", "the body of a proxy result", "the data of an envelope", "the data of an envelope in a proxy result"],
)
def test_an_exception_that_is_returned_counts_as_raised(returned: Callable[[Exception], object], output: Output) -> None:
    result = answer_to(returned(ThrottlingException("at /var/task/app.py")))
    assert result["statusCode"] == 429
    assert json.loads(result["body"])["error"]["code"] == "THROTTLE"
    assert "secret" not in json.dumps(result)
    assert "/var/task" not in json.dumps(result)
    assert len(output.events("handler_error")) == 1


def test_an_exception_among_the_data_is_an_error_body_and_is_logged_once(output: Output) -> None:
    body = answer_to({"numbers": [1e-7, Decimal("0.1")], "failed": [ThrottlingException("at /var/task/app.py")]})["body"]
    [event] = output.events("handler_error")
    [failed] = json.loads(body)["data"]["failed"]
    assert (failed["code"], failed["support_ref"]) == ("THROTTLE", event["support_ref"])


def test_a_number_of_more_digits_than_python_counts_leaves_as_it_came() -> None:
    digits = "9" * 5000
    assert f'"data":{digits},' in answer_to({"statusCode": 200, "body": digits})["body"]


def test_a_body_that_would_fill_the_memory_once_it_is_decompressed_is_not_read() -> None:
    zeros = bytes(80 * 1024 * 1024)
    for coding, encode in (("gzip", gzip.compress), ("deflate", zlib.compress), ("br", lambda data: brotli.compress(data, quality=1))):
        bomb = b64encode(encode(zeros)).decode()
        returned = {"statusCode": 200, "headers": {"content-encoding": coding}, "isBase64Encoded": True, "body": bomb}
        assert answer_to(returned)["body"] == bomb


@pytest.mark.parametrize("text", ["\\" * 2_000_000, '"' * 2_000_000, "x" * 4_000_000], ids=["backslashes", "quotes", "letters"])
def test_the_member_of_a_large_text_costs_no_memory_beside_it(text: str) -> None:
    envelope = json.dumps({"status": "success", "request_id": "mine", "data": text, "error": None})
    tracemalloc.start()
    assert member_text(envelope, "data") == json.dumps(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(envelope)


def test_headers_count_among_the_bytes_of_an_answer() -> None:
    returned = {"statusCode": 200, "headers": {"x-large": "x" * 7_000_000}, "body": "1"}
    assert answer_to(returned)["statusCode"] == 413
