from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from plumbline.contract import document
from plumbline.envelope.error_mapping import CODES, error_code_of
from support.vectors import vectors

CASES = [pytest.param(case, id=case["name"]) for case in vectors("error-mapping")["cases"]]


@pytest.mark.parametrize("case", CASES)
def test_an_error_has_the_code_that_the_contract_gives_it(case: dict[str, Any]) -> None:
    for thrown in shapes_of(case["thrown"]):
        assert error_code_of(thrown) == case["code"]


def shapes_of(thrown: Any) -> list[object]:
    """What Python programs know of the same error: the answer of a service, a class of that name, the plain data."""
    if not isinstance(thrown, dict) or "name" not in thrown:
        return [thrown, *([RuntimeError(thrown)] if isinstance(thrown, dict) else [])]
    named = type(thrown["name"], (Exception,), {})(thrown["message"])
    if "code" in thrown:
        named.code = thrown["code"]
        return [thrown, named]
    answer = {"Error": {"Code": thrown["name"], "Message": thrown["message"]}}
    return [thrown, named, ClientError(answer, "Converse")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("took too long"),
        ReadTimeoutError(endpoint_url="https://bedrock-runtime.us-east-1.amazonaws.com"),
        ConnectTimeoutError(endpoint_url="https://bedrock-runtime.us-east-1.amazonaws.com"),
        type("ReadTimeout", (Exception,), {})("of requests or httpx"),
        type("MyTimeout", (TimeoutError,), {})("of a class of one's own"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_time_out_of_any_python_client_is_one(error: Exception) -> None:
    assert error_code_of(error) == "TIMEOUT"


def test_another_failure_of_a_connection_is_none() -> None:
    assert error_code_of(EndpointConnectionError(endpoint_url="https://x")) == "INTERNAL_ERROR"


def test_the_answer_of_the_service_counts_before_the_class() -> None:
    named = type("ThrottlingException", (ClientError,), {})
    answer = {"Error": {"Code": "AccessDeniedException", "Message": "x"}}
    assert error_code_of(named(answer, "Converse")) == "INTERNAL_ERROR"


def test_the_types_name_every_code_of_the_contract() -> None:
    assert list(CODES) == list(document("error-codes")["codes"])
