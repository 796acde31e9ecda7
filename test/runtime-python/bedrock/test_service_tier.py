import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from bedrock.support.clients import client_under_test
from plumbline.bedrock.client.client_policy import STANDARD_POLICY
from plumbline.contract.task_types import with_service_tier
from support.vectors import vectors

MODEL = "amazon.nova-lite-v1:0"


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in vectors("service-tiers")["cases"]])
def test_a_request_gets_its_tier_as_the_contract_says(case: dict[str, Any]) -> None:
    sent = with_service_tier(case["operation"], case["input"], case.get("tier"), STANDARD_POLICY.service_tier)
    assert sent == case["sent"]


class _Listening(BaseHTTPRequestHandler):
    seen: ClassVar[list[tuple[str | None, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.headers.get("x-amzn-bedrock-service-tier"), json.loads(body)))
        answer = b'{"usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    _Listening.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Listening)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_leaves_the_client_is_the_tier_of_the_task_type(url: str) -> None:
    client = client_under_test(url, service_tier="flex").client
    client.converse(modelId=MODEL, messages=[])
    client.invoke_model(modelId=MODEL, body=b"{}")
    (_, conversation), invocation = _Listening.seen
    assert conversation["serviceTier"] == {"type": "flex"}
    assert invocation == ("flex", {})


def test_what_leaves_the_client_is_what_the_call_names_and_nothing_where_neither_names_any(url: str) -> None:
    client_under_test(url, service_tier="flex").client.converse(modelId=MODEL, messages=[], serviceTier={"type": "priority"})
    client_under_test(url).client.converse(modelId=MODEL, messages=[])
    assert [body.get("serviceTier") for _, body in _Listening.seen] == [{"type": "priority"}, None]
