import errno
from typing import Any
from urllib.error import URLError

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
    named = exception_of(thrown)
    if "code" in thrown or "cause" in thrown:
        return [thrown, named]
    further = {name: thrown[name] for name in thrown if name == "OriginalMessage"}
    answer = {"Error": {"Code": thrown["name"], "Message": thrown["message"]}, **further}
    return [thrown, ClientError(answer, "Converse"), *([] if further else [named])]  # type: ignore[arg-type]


def exception_of(thrown: dict[str, Any]) -> Exception:
    named: Exception = type(thrown["name"], (Exception,), {"code": thrown.get("code")})(thrown["message"])
    named.__cause__ = exception_of(thrown["cause"]) if "cause" in thrown else None
    return named


def while_handling() -> Exception:
    """A mistake made after a time-out: not caused by it."""
    try:
        try:
            raise TimeoutError
        except TimeoutError:
            return Exception(int("x"))
    except ValueError as mistake:
        return mistake


def caused_by(cause: Exception) -> Exception:
    error = RuntimeError("could not be sent")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError("took too long"),
        ReadTimeoutError(endpoint_url="https://bedrock-runtime.us-east-1.amazonaws.com"),
        ConnectTimeoutError(endpoint_url="https://bedrock-runtime.us-east-1.amazonaws.com"),
        type("ReadTimeout", (Exception,), {})("of requests or httpx"),
        type("MyTimeout", (TimeoutError,), {})("of a class of one's own"),
        URLError(TimeoutError("timed out")),
        caused_by(TimeoutError()),
        caused_by(OSError(errno.ETIMEDOUT, "Connection timed out")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_time_out_of_any_python_client_is_one(error: Exception) -> None:
    assert error_code_of(error) == "TIMEOUT"


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url="x"), caused_by(ConnectionRefusedError()), while_handling()])
def test_what_is_none_is_an_internal_error(error: Exception) -> None:
    assert error_code_of(error) == "INTERNAL_ERROR"


def test_the_answer_of_the_service_counts_before_the_class() -> None:
    named = type("ThrottlingException", (ClientError,), {})
    answer = {"Error": {"Code": "AccessDeniedException", "Message": "x"}}
    assert error_code_of(named(answer, "Converse")) == "INTERNAL_ERROR"


def test_the_types_name_every_code_of_the_contract() -> None:
    assert list(CODES) == list(document("error-codes")["codes"])
