"""DynamoDB's GetItem, S3's GetObject and KMS's GetPublicKey over real HTTP, on one port."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from .signed_prompts import KEY_ARN, PUBLIC_KEY, Published

Service = Literal["dynamodb", "s3", "kms"]
Mood = Literal["well", "slowly", "never", "throttling", "failing", "denying", "breaking off"]

_SLOWLY_SECONDS = 0.3
_ERRORS: dict[Mood, tuple[str, str]] = {
    "throttling": ("ThrottlingException", "SlowDown"),
    "failing": ("InternalServerError", "InternalError"),
    "denying": ("AccessDeniedException", "AccessDenied"),
}


class FakePromptRegistry:
    def __init__(self) -> None:
        self.items: dict[str, Mapping[str, Any]] = {}
        self.objects: dict[tuple[str, str], bytes] = {}
        self.moods: dict[Service, Mood] = {"dynamodb": "well", "s3": "well", "kms": "well"}
        self.key: dict[str, Any] = {
            "KeyId": KEY_ARN,
            "KeyUsage": "SIGN_VERIFY",
            "SigningAlgorithms": ["RSASSA_PKCS1_V1_5_SHA_256"],
            "PublicKey": PUBLIC_KEY,
        }
        self.asked: list[Service] = []
        self.is_over = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"] or 0))
                target = self.headers["x-amz-target"]
                self._answer("dynamodb" if target.startswith("DynamoDB") else "kms", json.loads(body))

            def do_GET(self) -> None:
                self._answer("s3", {})

            def _answer(self, service: Service, call: dict[str, Any]) -> None:
                fake.asked.append(service)
                mood = fake.moods[service]
                if mood == "never":
                    fake.is_over.wait()
                if mood == "slowly":
                    time.sleep(_SLOWLY_SECONDS)
                status, answer = fake.answer(service, mood, call, self.path)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                if mood == "breaking off":
                    self.close_connection = True
                    answer = answer[: len(answer) // 2]
                self.wfile.write(answer)

            def log_message(self, *_arguments: object) -> None:
                """The test tells what it sees."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def put(self, published: Published) -> None:
        self.objects[(published.release["key"], published.release["object_version_id"])] = published.content

    def deploy(self, item: Mapping[str, Any]) -> None:
        self.items[item["pk"]["S"]] = item

    def answer(self, service: Service, mood: Mood, call: dict[str, Any], path: str) -> tuple[int, bytes]:
        if mood in _ERRORS:
            code = _ERRORS[mood][1 if service == "s3" else 0]
            status = 403 if mood == "denying" else 503 if mood == "throttling" else 500
            xml = f"<Error><Code>{code}</Code><Message>told by the fake</Message></Error>"
            return (status, xml.encode()) if service == "s3" else (400 if status < 500 else status, json.dumps({"__type": code}).encode())
        if service == "kms":
            return 200, json.dumps(self.key).encode()
        if service == "dynamodb":
            assert call["ConsistentRead"] is True
            item = self.items.get(call["Key"]["pk"]["S"])
            return 200, json.dumps({} if item is None else {"Item": item}).encode()
        url = urlsplit(path)
        key = unquote(url.path).split("/", 2)[2]
        found = self.objects.get((key, parse_qs(url.query)["versionId"][0]))
        return (200, found) if found is not None else (404, b"<Error><Code>NoSuchVersion</Code></Error>")


@contextmanager
def fake_prompt_registry() -> Iterator[FakePromptRegistry]:
    fake = FakePromptRegistry()
    thread = threading.Thread(target=fake.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.is_over.set()
        fake.server.shutdown()
        fake.server.server_close()
