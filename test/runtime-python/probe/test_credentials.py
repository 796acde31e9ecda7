from collections.abc import Iterator
from http.client import HTTPException

import pytest
from plumbline.probe.credentials import role_credentials
from plumbline.probe.signature import Credentials
from support.answering_server import Answer, AnsweringServer, answering

KEYS = '{"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "of-container", "Token": "session"}'
VARIABLES = {"AWS_ACCESS_KEY_ID": "AKIDVARIABLE", "AWS_SECRET_ACCESS_KEY": "of-variable", "AWS_SESSION_TOKEN": "token"}


@pytest.fixture
def container() -> Iterator[AnsweringServer]:
    """Where Lambda keeps the credentials of a function with SnapStart."""
    with answering(lambda _: Answer(body=KEYS)) as server:
        yield server


def variables(container: AnsweringServer, path: str = "/v1/credentials") -> dict[str, str]:
    return {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{container.url}{path}", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "authorization"}


def test_come_from_variables_where_there_are_any(container: AnsweringServer) -> None:
    assert role_credentials({**VARIABLES, **variables(container)}, 2) == Credentials("AKIDVARIABLE", "of-variable", "token")
    assert container.requests == []


@pytest.mark.parametrize("path", ["/v1/credentials", "/", "/?of=function"])
def test_are_asked_for_where_lambda_names_a_place(container: AnsweringServer, path: str) -> None:
    assert role_credentials(variables(container, path), 2) == Credentials("AKIDCONTAINER", "of-container", "session")
    (request,) = container.requests
    assert (request.method, request.path, request.headers["authorization"]) == ("GET", path, "authorization")


def test_are_asked_for_without_authorization_where_lambda_gives_none(container: AnsweringServer) -> None:
    role_credentials({"AWS_CONTAINER_CREDENTIALS_FULL_URI": container.url}, 2)
    (request,) = container.requests
    assert request.path == "/"
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (500, KEYS, HTTPException),
        (200, "no json", ValueError),
        (200, "[]", ValueError),
        (200, '{"AccessKeyId": "A"}', ValueError),
        (200, '{"SecretAccessKey": "S"}', ValueError),
    ],
)
def test_an_answer_without_keys_is_an_error(container: AnsweringServer, status: int, body: str, error: type[Exception]) -> None:
    container.answer = lambda _: Answer(status, body)
    with pytest.raises(error):
        role_credentials(variables(container), 2)


def test_no_answer_in_time_is_an_error(container: AnsweringServer) -> None:
    container.answer = lambda _: Answer(hangs=True)
    with pytest.raises(TimeoutError):
        role_credentials(variables(container), 0.1)


def test_are_empty_where_there_are_none() -> None:
    assert role_credentials({}, 2) == Credentials("", "", None)
