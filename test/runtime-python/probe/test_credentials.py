from collections.abc import Iterator
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from plumbline.probe.credentials import role_credentials
from plumbline.probe.signature import Credentials

KEYS = '{"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "of-container", "Token": "session"}'
VARIABLES = {"AWS_ACCESS_KEY_ID": "AKIDVARIABLE", "AWS_SECRET_ACCESS_KEY": "of-variable", "AWS_SESSION_TOKEN": "token"}


class Lambda(HTTPServer):
    """Where Lambda keeps the credentials of a function with SnapStart."""

    answer = (200, KEYS)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str | None]] = []

    def variables(self, path: str = "/v1/credentials") -> dict[str, str]:
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{self.server_port}{path}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "authorization",
        }


class _Handler(BaseHTTPRequestHandler):
    server: Lambda

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["authorization"]))
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def container() -> Iterator[Lambda]:
    with Lambda() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def test_come_from_variables_where_there_are_any(container: Lambda) -> None:
    assert role_credentials({**VARIABLES, **container.variables()}, 2) == Credentials("AKIDVARIABLE", "of-variable", "token")
    assert container.asked == []


@pytest.mark.parametrize("path", ["/v1/credentials", "/", "/?of=function"])
def test_are_asked_for_where_lambda_names_a_place(container: Lambda, path: str) -> None:
    assert role_credentials(container.variables(path), 2) == Credentials("AKIDCONTAINER", "of-container", "session")
    assert container.asked == [(path, "authorization")]


def test_are_asked_for_without_authorization_where_lambda_gives_none(container: Lambda) -> None:
    source = container.variables("")["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
    role_credentials({"AWS_CONTAINER_CREDENTIALS_FULL_URI": source}, 2)
    assert container.asked == [("/", None)]


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
def test_an_answer_without_keys_is_an_error(container: Lambda, status: int, body: str, error: type[Exception]) -> None:
    container.answer = (status, body)
    with pytest.raises(error):
        role_credentials(container.variables(), 2)


def test_are_empty_where_there_are_none() -> None:
    assert role_credentials({}, 2) == Credentials("", "", None)
