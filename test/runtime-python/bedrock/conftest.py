from collections.abc import Iterator

import pytest
from bedrock.support.clients import client_under_test
from bedrock.support.faulty_server import FaultyServer, running_faulty_server
from bedrock.support.operations import send_and_read


@pytest.fixture(scope="session")
def server() -> Iterator[FaultyServer]:
    with running_faulty_server() as running:
        # The first call of a process loads what the others only use.
        send_and_read(client_under_test(running.url("ok@warm-up")).client, "ConverseStream")
        yield running


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"):
        monkeypatch.delenv(name, raising=False)
