"""PutMetricData over real HTTP, in the protocol of today's SDKs."""

import gzip
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Mood = Literal["well", "slowly", "never", "throttling", "failing", "refusing"]

_SLOWLY_SECONDS = 0.3
_ERRORS: dict[Mood, tuple[int, str]] = {
    "throttling": (400, "ThrottlingException"),
    "failing": (500, "InternalServiceError"),
    "refusing": (403, "AccessDeniedException"),
}


class FakeCloudWatch:
    """Answers one call after the other in the given moods; the last one stays."""

    def __init__(self, moods: list[Mood]) -> None:
        self.taken: list[dict[str, Any]] = []
        self.calls = 0
        self._moods = moods
        self._lock = threading.Lock()
        self.is_over = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                text = gzip.decompress(body) if self.headers["content-encoding"] == "gzip" else body
                status, answer = fake.answer(json.loads(text))
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: object) -> None:
                """The test tells what it sees."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, call: dict[str, Any]) -> tuple[int, bytes]:
        with self._lock:
            self.calls += 1
            mood = self._moods.pop(0) if len(self._moods) > 1 else self._moods[0]
        if mood == "never":
            self.is_over.wait()
        if mood == "slowly":
            time.sleep(_SLOWLY_SECONDS)
        if mood in _ERRORS:
            status, code = _ERRORS[mood]
            return status, json.dumps({"__type": code, "message": f"told to be {mood}"}).encode()
        self.taken.append(call)
        return 200, b"{}"

    def times_taken(self, metric: str, dimensions: Mapping[str, str]) -> int:
        """How often a value was taken for the series with these dimensions."""
        return sum(
            sum(datum["Counts"])
            for call in self.taken
            for datum in call["MetricData"]
            if datum["MetricName"] == metric and {one["Name"]: one["Value"] for one in datum["Dimensions"]} == dimensions
        )


@contextmanager
def fake_cloudwatch(*moods: Mood) -> Iterator[FakeCloudWatch]:
    fake = FakeCloudWatch(list(moods))
    thread = threading.Thread(target=fake.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.is_over.set()
        fake.server.shutdown()
        fake.server.server_close()
